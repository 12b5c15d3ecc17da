import type { Issue, Path } from './decode.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Checks what issuer, certificate, redirect and `https: required` say about each other, in the file as written. */
export function checkHttps(file: Fields): Issue[] {
  const { tls, redirect, https, trustedProxies } = fieldsOf(file.listen);
  const found: Issue[] = [];
  if (https === 'required' && tls === undefined && trustedProxies === undefined) {
    const ways = 'add tls, or name the proxies that end TLS under trustedProxies';
    found.push(wrong(['listen', 'https'], `nobody could come in over https: ${ways}`));
  }
  const reason =
    tls !== undefined ? 'listen.tls' : https === 'required' ? 'https: required' : redirect && 'listen.redirect';
  if (reason && typeof file.issuer === 'string' && file.issuer.startsWith('http:'))
    found.push(wrong(['issuer'], `with ${reason} callers come over https: the issuer begins with https:`));
  return found;
}

/** Can a caller show a certificate of its own? */
export const asksForCertificates = (file: Fields): boolean =>
  fieldsOf(fieldsOf(file.listen).tls).clientCertificates !== undefined;

/** Complains of every condition on certificates, which no caller could meet. */
export function findCertificates(when: unknown, path: Path): Issue[] {
  const { certificate, any, all } = fieldsOf(when);
  const below = Object.entries({ any, all }).flatMap(([key, list]) =>
    Array.isArray(list) ? list.flatMap((inner, index) => findCertificates(inner, [...path, key, index])) : [],
  );
  if (certificate === undefined) return below;
  const message = 'no caller is asked for a certificate: add listen.tls.clientCertificates';
  return [wrong([...path, 'certificate'], message), ...below];
}

const wrong = (path: Path, message: string): Issue => ({ path, message, at: 'value' });

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
