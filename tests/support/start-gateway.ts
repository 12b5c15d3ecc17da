import { once } from 'node:events';
import { Writable } from 'node:stream';
import { parseConfig } from '../../src/config/load.ts';
import { applyPorts } from '../../src/config/ports.ts';
import { createGateway, type GatewayOptions } from '../../src/gateway.ts';
import { closeConnections } from './raw-client.ts';
import { closeUpstreams } from './scripted-upstream.ts';

/** One line of the gateway's log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A gateway of a test, on ports that the system chose. */
export interface TestGateway {
  readonly port: number;
  readonly url: string;
  readonly operationsUrl: string;
  /** Where `listen.redirect` is, if it is in the text. */
  readonly redirectPort: number;
  /** What the gateway has logged so far; lines may come some milliseconds late. */
  readonly log: readonly LogLine[];
  /** The log as it was written. */
  readonly rawLog: string;
  /** Resolves to the first line, past or to come, that has all of these values. */
  logged(fields: LogLine): Promise<LogLine>;
  /** An access token of one of the {@link clients}, for `Authorization`. */
  bearer(client?: string): Promise<string>;
  close(): Promise<void>;
}

/** Clocks, chance and further policies of a gateway under test. */
export type Surroundings = Pick<GatewayOptions, 'now' | 'clock' | 'random' | 'watch' | 'policies'>;

const running = new Set<TestGateway>();

afterEach(async () => {
  // A gateway waits for the exchanges that are going on: nobody may hang on to them any more.
  closeConnections();
  await closeUpstreams();
  await Promise.all([...running].map((gateway) => gateway.close()));
});

const authorization = `
oauth:
  signing: ES256
  scopes: { read: Read, write: Write }
  clients:
    - { id: reader, secret: demo-only-reader, grants: [client_credentials], scopes: [read] }
    - { id: writer, secret: demo-only-writer, grants: [client_credentials], scopes: [read, write], roles: [editor], claims: { tenant: north } }
    - { id: nobody, secret: demo-only-nobody, grants: [client_credentials] }
`;

/**
 * Starts a gateway in this process over the text of a configuration. What the text does not say itself is there for
 * tests: an issuer, a memory store, and three clients: `reader` (scope read), `writer` (read and write, role editor,
 * claim tenant: north) and `nobody`.
 */
export async function startGateway(yaml: string, surroundings: Surroundings = {}): Promise<TestGateway> {
  const text = [
    'version: 1',
    /^issuer:/m.test(yaml) ? '' : 'issuer: http://127.0.0.1:8080',
    /^store:/m.test(yaml) ? '' : 'store: { use: memory }',
    /^oauth:/m.test(yaml) ? '' : authorization,
    yaml,
  ].join('\n');
  const { config, source } = parseConfig(text, { file: 'test.yaml', environment: {} });
  const written = captureLines();
  const gateway = await createGateway({
    ...surroundings,
    config: applyPorts(config, { port: 0, operationsPort: 0 }),
    source,
    output: written.output,
  });
  const url = `${URL.parse(gateway.url)!.protocol}//127.0.0.1:${gateway.address.port}`;
  const test: TestGateway = {
    port: gateway.address.port,
    url,
    redirectPort: gateway.redirectAddress?.port ?? Number.NaN,
    operationsUrl: `http://127.0.0.1:${gateway.operationsAddress.port}`,
    log: written.lines,
    get rawLog() {
      return written.text();
    },
    logged: written.find,
    async bearer(client = 'reader') {
      const credentials = Buffer.from(`${client}:demo-only-${client}`).toString('base64');
      const reply = await fetch(`${url}/oauth/token`, {
        method: 'POST',
        headers: { Authorization: `Basic ${credentials}`, Connection: 'close' },
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      });
      const { access_token: token } = (await reply.json()) as { access_token?: string };
      if (token === undefined) throw new Error(`no token for ${client}: ${reply.status}`);
      return `Bearer ${token}`;
    },
    async close() {
      if (running.delete(test)) await gateway.close();
    },
  };
  running.add(test);
  return test;
}

function captureLines() {
  const lines: LogLine[] = [];
  let written = '';
  const output = new Writable({
    write(chunk, _encoding, done) {
      written += chunk;
      for (const line of String(chunk).split('\n')) if (line !== '') lines.push(JSON.parse(line));
      output.emit('lines');
      done();
    },
  });
  const find = async (fields: LogLine): Promise<LogLine> => {
    for (;;) {
      const found = lines.find((line) => Object.entries(fields).every(([name, value]) => line[name] === value));
      if (found !== undefined) return found;
      await once(output, 'lines');
    }
  };
  return { output, lines, find, text: () => written };
}

/** A clock that a test moves. */
export interface HandClock {
  (): number;
  /** Goes on by so many milliseconds. */
  advance(milliseconds: number): void;
}

/** A clock that stands still unless it is told to go on. */
export function createHandClock(start = 1_000_000): HandClock {
  let time = start;
  return Object.assign(() => time, {
    advance(milliseconds: number) {
      time += milliseconds;
    },
  });
}
