import { html } from '../html.ts';
import type { Messages } from './messages.ts';

/** The pages in English. */
export const english: Messages = {
  signIn: {
    title: 'Sign in',
    to: (client) => html`to continue to ${client}`,
    username: 'Email or username',
    password: 'Password',
    submit: 'Sign in',
    incomplete: 'Enter both your email or username and your password.',
    wrong: 'That email or username and password do not go together. Check both and try again.',
    disabled: 'Your password is right, but this account is switched off. Ask whoever manages it to switch it on again.',
    throttled: (seconds) => `Too many attempts. Wait ${inEnglish(seconds)}, then try again.`,
    unavailable: 'We cannot check passwords right now. Yours may well be right: try again in a moment.',
  },
  consent: {
    title: (client) => html`Allow ${client}?`,
    plainTitle: (client) => `Allow ${client}?`,
    signedInAs: (user) => html`Signed in as ${user}.`,
    signedIn: 'You are signed in.',
    switchUser: 'Not you?',
    scopes: 'It asks to:',
    afterwards: (place) => html`Either way you go on to ${place}.`,
    afterwardsHere: (place) => html`Either way you go on to an application on this device (${place}).`,
    allow: 'Allow',
    deny: 'Do not allow',
  },
  signOut: {
    title: 'Sign out?',
    text: 'Applications that you signed in to from this browser lose their access, too.',
    submit: 'Sign out',
    done: 'You are signed out',
    doneText: 'On a shared computer, close the browser as well.',
    back: (client) => html`Back to ${client}`,
  },
  problems: {
    'unknown-client': {
      title: 'We do not know this application',
      text: 'The link that led you here is for an application that is not registered here, or not any longer. If it keeps happening, tell the people who run the application.',
    },
    'bad-redirect': {
      title: 'This link does not lead back safely',
      text: 'It asks us to send you to an address that the application has not registered, so we stopped. Nothing was sent there. Tell the people who run the application.',
    },
    'bad-request': {
      title: 'This link is not complete',
      text: 'Something in it is missing or damaged. Go back to the application and start again.',
    },
    stale: {
      title: 'This page is no longer valid',
      text: 'It was used already, or has waited for too long, or began in another browser. Go back to the application and start again. If this happens each time, allow cookies for this site.',
    },
    forged: {
      title: 'We stopped for your safety',
      text: 'We could not make sure that you sent this form yourself, so nothing was done. Go back to the application and start again.',
    },
    failed: {
      title: 'Something went wrong here',
      text: 'It is not your fault. Go back to the application and try again. If it keeps happening, tell the people who run this site.',
    },
    unavailable: {
      title: 'Not available right now',
      text: 'It is not your fault. Wait a moment, then go back to the application and try again.',
    },
  },
};

function inEnglish(seconds: number): string {
  if (seconds < 60) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  const minutes = Math.ceil(seconds / 60);
  return minutes === 1 ? '1 minute' : `${minutes} minutes`;
}
