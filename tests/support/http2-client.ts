import { once } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type ClientSessionOptions,
  connect,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type OutgoingHttpHeaders,
} from 'node:http2';
import { pemOf } from './certificates.ts';

const open = new Set<ClientHttp2Session>();

afterEach(() => {
  for (const session of open) session.destroy();
  open.clear();
});

/** Speaks HTTP/2 over TLS with a port of 127.0.0.1, trusting the authority of the tests. */
export async function connectHttp2(port: number, options: ClientSessionOptions & { cert?: string; key?: string } = {}) {
  const session = connect(`https://localhost:${port}`, { ca: pemOf('authority.pem'), ...options } as object);
  open.add(session);
  session.on('error', () => {});
  await once(session, 'connect');
  return session;
}

/** What came back on a stream. */
export interface StreamReply {
  readonly headers: IncomingHttpHeaders & IncomingHttpStatusHeader;
  readonly raw: readonly string[];
  readonly interim: readonly IncomingHttpHeaders[];
  readonly trailers: IncomingHttpHeaders | undefined;
  readonly body: string;
  /** How the stream ended: 0 without an error (RFC 9113 §7). */
  readonly code: number;
}

/** Sends the fields of a request, and a body if there is one; the stream stays open without the end of it otherwise. */
export function ask(session: ClientHttp2Session, fields: OutgoingHttpHeaders, body?: string): ClientHttp2Stream {
  const stream = session.request(
    { ':authority': 'api.example.com', ...fields },
    { endStream: body === undefined && fields[':method'] !== 'POST' },
  );
  stream.on('error', () => {});
  if (body !== undefined) stream.end(body, 'latin1');
  return stream;
}

/** All that comes back on a stream, until it is closed. */
export async function read(stream: ClientHttp2Stream): Promise<StreamReply> {
  let headers: StreamReply['headers'] = {};
  let raw: readonly string[] = [];
  let trailers: IncomingHttpHeaders | undefined;
  let body = '';
  const interim: IncomingHttpHeaders[] = [];
  stream.on('headers', (given) => interim.push(given));
  stream.on('response', (given, _flags, list?: readonly string[]) => {
    headers = given;
    raw = list ?? [];
  });
  stream.on('trailers', (given) => {
    trailers = given;
  });
  stream.on('data', (chunk: Buffer) => {
    body += chunk.toString('latin1');
  });
  await new Promise<void>((resolve) => void stream.once('close', resolve));
  return { headers, raw, interim, trailers, body, code: stream.rstCode };
}
