import { html } from '../html.ts';
import type { Messages } from './messages.ts';

/** The pages in Spanish. */
export const spanish: Messages = {
  signIn: {
    title: 'Inicia sesión',
    to: (client) => html`para continuar en ${client}`,
    username: 'Correo electrónico o usuario',
    password: 'Contraseña',
    submit: 'Iniciar sesión',
    incomplete: 'Escribe tu correo electrónico o usuario y tu contraseña.',
    wrong: 'El usuario y la contraseña no coinciden. Revisa los dos e inténtalo de nuevo.',
    disabled: 'Tu contraseña es correcta, pero esta cuenta está desactivada. Pide a quien la administra que la active.',
    throttled: (seconds) => `Demasiados intentos. Espera ${inSpanish(seconds)} e inténtalo de nuevo.`,
    unavailable:
      'Ahora mismo no podemos comprobar contraseñas. Puede que la tuya sea correcta: inténtalo dentro de un momento.',
  },
  consent: {
    title: (client) => html`¿Permitir el acceso a ${client}?`,
    plainTitle: (client) => `¿Permitir el acceso a ${client}?`,
    signedInAs: (user) => html`Has iniciado sesión como ${user}.`,
    signedIn: 'Has iniciado sesión.',
    switchUser: '¿No eres tú?',
    scopes: 'Pide permiso para:',
    afterwards: (place) => html`En ambos casos seguirás en ${place}.`,
    afterwardsHere: (place) => html`En ambos casos seguirás en una aplicación de este dispositivo (${place}).`,
    allow: 'Permitir',
    deny: 'No permitir',
  },
  signOut: {
    title: '¿Cerrar la sesión?',
    text: 'Las aplicaciones en las que entraste desde este navegador también perderán el acceso.',
    submit: 'Cerrar sesión',
    done: 'Has cerrado la sesión',
    doneText: 'En un ordenador compartido, cierra también el navegador.',
    back: (client) => html`Volver a ${client}`,
  },
  problems: {
    'unknown-client': {
      title: 'No conocemos esta aplicación',
      text: 'El enlace que te trajo aquí es de una aplicación que no está registrada, o ya no lo está. Si se repite, avisa a quienes la mantienen.',
    },
    'bad-redirect': {
      title: 'Este enlace no vuelve a un lugar seguro',
      text: 'Nos pide llevarte a una dirección que la aplicación no ha registrado, así que nos detuvimos. No se envió nada. Avisa a quienes mantienen la aplicación.',
    },
    'bad-request': {
      title: 'Este enlace no está completo',
      text: 'Le falta algo o está dañado. Vuelve a la aplicación y empieza de nuevo.',
    },
    stale: {
      title: 'Esta página ya no es válida',
      text: 'Ya se usó, ha esperado demasiado o empezó en otro navegador. Vuelve a la aplicación y empieza de nuevo. Si ocurre siempre, permite las cookies de este sitio.',
    },
    forged: {
      title: 'Nos detuvimos por tu seguridad',
      text: 'No pudimos comprobar que fueras tú quien envió este formulario, así que no se hizo nada. Vuelve a la aplicación y empieza de nuevo.',
    },
    failed: {
      title: 'Algo ha fallado aquí',
      text: 'No es culpa tuya. Vuelve a la aplicación e inténtalo de nuevo. Si se repite, avisa a quienes mantienen este sitio.',
    },
    unavailable: {
      title: 'No está disponible ahora mismo',
      text: 'No es culpa tuya. Espera un momento, vuelve a la aplicación e inténtalo de nuevo.',
    },
  },
};

function inSpanish(seconds: number): string {
  if (seconds < 60) return seconds === 1 ? '1 segundo' : `${seconds} segundos`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? '1 minuto' : `${minutes} minutos`;
}
