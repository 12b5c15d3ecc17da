import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { CallerCertificate } from '../model/caller-certificate.ts';

/** Tells which verified certificate the other side of a connection has shown, if any. */
export type CertificateOf = (socket: Socket) => CallerCertificate | undefined;

/** Reads the certificate of each connection once. One that could not be verified counts as none. */
export function createCertificateReader(): CertificateOf {
  const known = new WeakMap<Socket, CallerCertificate>();
  return (socket) => {
    const remembered = known.get(socket);
    if (remembered !== undefined) return remembered;
    const { authorized, getPeerX509Certificate } = socket as TLSSocket;
    if (authorized !== true) return undefined;
    const shown = getPeerX509Certificate.call(socket);
    if (shown === undefined) return undefined;
    const certificate = {
      subject: oneLine(shown.subject),
      fingerprint: shown.fingerprint256,
      field: `:${shown.raw.toString('base64')}:`,
    };
    known.set(socket, certificate);
    return certificate;
  };
}

// Node gives one part a line, the least specific first, with everything escaped that could be taken for a separator.
const oneLine = (subject: string): string => subject.split('\n').reverse().join(',');
