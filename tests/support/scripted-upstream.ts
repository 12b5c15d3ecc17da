import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { lintRequest } from './lint-request.ts';

/** One request as an upstream got it on the wire. */
export interface UpstreamRequest {
  readonly method: string;
  /** The header as it came, without the empty line. */
  readonly head: string;
  /** Path and query as they were sent. */
  readonly target: string;
  /** Name, value, name, value: in order, case and duplicates kept. */
  readonly headers: readonly string[];
  /** The first value of a field, without regard to case. */
  header(name: string): string | undefined;
  /** Bytes of the body so far, without their framing, as latin1. */
  readonly received: string;
  /** Resolves to the whole body. */
  readonly body: Promise<string>;
}

/** Answers a request whose header has arrived; its body may still be on the way. */
export type Script = (request: UpstreamRequest, socket: Socket) => unknown;

/** An upstream that says and does exactly what a test wants. */
export interface ScriptedUpstream {
  readonly port: number;
  readonly url: string;
  /** `host:port`: the name of the instance in logs and metrics. */
  readonly id: string;
  readonly requests: readonly UpstreamRequest[];
  /** What was wrong with the bytes that came: see {@link lintRequest}. A test that leaves any fails. */
  readonly faults: readonly string[];
  /** Connections accepted so far. */
  readonly connections: number;
  /** Connections that are open now. */
  readonly openConnections: number;
  /** Resolves to the request with this number, counted from 1, once its header has arrived. */
  request(number: number): Promise<UpstreamRequest>;
  /** Resolves once no connection is open. */
  disconnected(): Promise<void>;
  /** Stops listening and resets what is open: from now on the address refuses connections. */
  close(): Promise<void>;
}

const running = new Set<ScriptedUpstream>();

/** Closes every upstream that a test has started. */
export async function closeUpstreams(): Promise<void> {
  await Promise.all([...running].map((upstream) => upstream.close()));
}

const started = new Set<ScriptedUpstream>();

afterEach(async () => {
  await closeUpstreams();
  const faults = [...started].flatMap((upstream) => upstream.faults);
  started.clear();
  // Whatever a test is about, what went upstream was well-formed.
  expect(faults).toEqual([]);
});

/** Starts an upstream on 127.0.0.1, on any free port or on this one. */
export async function startScriptedUpstream(script: Script, port = 0): Promise<ScriptedUpstream> {
  const requests: UpstreamRequest[] = [];
  const sockets = new Set<Socket>();
  const faults: string[] = [];
  let connections = 0;
  const server: Server = createServer({ noDelay: true }, (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      if (reader.rest !== '') faults.push(`bytes of no request: ${JSON.stringify(reader.rest.slice(0, 100))}`);
      server.emit('disconnected');
    });
    const reader = readRequests(socket, (request) => {
      requests.push(request);
      faults.push(...lintRequest(request.head));
      server.emit('asked');
      void script(request, socket);
    });
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  const bound = (server.address() as { port: number }).port;
  const upstream: ScriptedUpstream = {
    port: bound,
    url: `http://127.0.0.1:${bound}`,
    id: `127.0.0.1:${bound}`,
    requests,
    faults,
    get connections() {
      return connections;
    },
    get openConnections() {
      return sockets.size;
    },
    async request(number) {
      while (requests.length < number) await once(server, 'asked');
      return requests[number - 1]!;
    },
    async disconnected() {
      while (sockets.size > 0) await once(server, 'disconnected');
    },
    async close() {
      if (!running.delete(upstream)) return;
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  running.add(upstream);
  started.add(upstream);
  return upstream;
}

/** A port of 127.0.0.1 that refuses connections. */
export async function refusingPort(): Promise<number> {
  const upstream = await startScriptedUpstream(() => {});
  await upstream.close();
  return upstream.port;
}

/** The bytes of a response with its length; `fields` as lines such as `ETag: "1"`. */
export function reply(status: number, fields: readonly string[] = [], body = ''): string {
  return `HTTP/1.1 ${status} Scripted\r\n${[...fields, `Content-Length: ${Buffer.byteLength(body)}`].join('\r\n')}\r\n\r\n${body}`;
}

/** Answers every request in the same way. */
export const always = (status: number, fields?: readonly string[], body?: string): Script => {
  const bytes = reply(status, fields, body);
  return (_request, socket) => void socket.write(bytes);
};

interface Reading {
  readonly request: UpstreamRequest & { received: string };
  readonly whole: (body: string) => void;
  /** Bytes of the body, or of the current chunk, that are still to come. */
  left: number;
  readonly chunked: boolean;
}

/**
 * Splits what a socket receives into requests (RFC 9112), pipelined ones too. What is left between them is `rest`; the
 * beginning of a header that was cut off counts as one.
 */
function readRequests(socket: Socket, onRequest: (request: UpstreamRequest) => void): { readonly rest: string } {
  let pending = '';
  let reading: Reading | undefined;
  socket.on('data', (chunk) => {
    pending += chunk.toString('latin1');
    while (reading === undefined ? begin() : goOn(reading));
  });
  return {
    get rest() {
      return reading === undefined ? pending : '';
    },
  };

  function begin(): boolean {
    const end = pending.indexOf('\r\n\r\n');
    if (end === -1) return false;
    reading = readHead(pending.slice(0, end));
    pending = pending.slice(end + 4);
    onRequest(reading.request);
    return true;
  }

  function goOn(current: Reading): boolean {
    if (current.left > 0) {
      const taken = pending.slice(0, current.left);
      current.left -= taken.length;
      current.request.received += taken;
      pending = pending.slice(taken.length);
      if (current.left > 0) return false;
    }
    if (!current.chunked) return finish(current);
    const size = /^(?:\r\n)?([0-9a-f]+)\r\n(\r\n)?/i.exec(pending);
    if (size === null || (Number(`0x${size[1]}`) === 0 && size[2] === undefined)) return false;
    current.left = Number(`0x${size[1]}`);
    if (current.left === 0) {
      pending = pending.slice(size[0].length);
      return finish(current);
    }
    pending = pending.slice(size[0].length - (size[2]?.length ?? 0));
    return true;
  }

  function finish({ whole, request }: Reading): boolean {
    whole(request.received);
    reading = undefined;
    return pending !== '';
  }
}

function readHead(head: string): Reading {
  const [first = '', ...lines] = head.split('\r\n');
  const [method = '', target = ''] = first.split(' ');
  const headers = lines.flatMap((line) => [
    line.slice(0, line.indexOf(':')),
    line.slice(line.indexOf(':') + 1).replace(/^[ \t]+|[ \t]+$/g, ''),
  ]);
  const header = (name: string) =>
    headers.find((_, index) => index % 2 === 1 && headers[index - 1]!.toLowerCase() === name.toLowerCase());
  const { promise: body, resolve: whole } = Promise.withResolvers<string>();
  const request = { method, head, target, headers, header, received: '', body };
  return {
    request,
    whole,
    left: Number(header('content-length') ?? 0),
    chunked: header('transfer-encoding') === 'chunked',
  };
}
