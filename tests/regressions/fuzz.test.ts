import fc from 'fast-check';
import { statusOf } from '../support/raw-client.ts';
import { attack, memoryInUse, openSockets, ordinary, startTarget } from './attack.ts';
import { hostileRequests } from './hostile-requests.ts';

/**
 * Random bytes against a gateway. In CI a second's worth; `FUZZ_SECONDS=600 npm run jest -- tests/regressions/fuzz` for
 * long. A failure prints its seed and path, which `FUZZ_SEED` and `FUZZ_PATH` repeat.
 */
const seconds = Number(process.env.FUZZ_SECONDS ?? 2);
const { FUZZ_SEED: seed, FUZZ_PATH: path } = process.env;

const good = [
  'GET /x?a=b HTTP/1.1\r\nHost: a\r\nAccept: */*\r\n\r\n',
  'HEAD /x HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: TE, X-Hop\r\nX-Hop: 1\r\n\r\n',
  'POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello',
  'PUT /x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n',
  'DELETE /guarded/x HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a.b.c\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nhi',
  'GET http://b:80//x/./%61/../%c3%a9 HTTP/1.0\r\nHost: a\r\nX-User-Id: admin\r\nVia: 1.1 a\r\n\r\n',
];
const pieces = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  '\t',
  ':',
  ',',
  ';',
  '0',
  'f',
  '%',
  '%2f',
  '..',
  '\\',
  '\x7f',
  '\xff',
  '\x0b',
];
const words = [
  'Content-Length: 3\r\n',
  'Transfer-Encoding: chunked\r\n',
  'Host: b\r\n',
  'Connection: close\r\n',
  'Trailer: a\r\n',
  'HTTP/1.0',
  'Upgrade: websocket\r\n',
];
const seeds = [...good, ...hostileRequests.map(([, bytes]) => bytes).filter(({ length }) => length < 2000)];

/** A message, and what is done to it: cut, repeat, insert, overwrite. */
const message = fc
  .tuple(
    fc.array(fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...good) }, fc.constantFrom(...seeds)), {
      minLength: 1,
      maxLength: 3,
    }),
    fc.array(
      fc.record({
        at: fc.nat(4000),
        drop: fc.oneof(fc.constant(0), fc.nat(5)),
        put: fc.oneof(
          fc.constantFrom(...pieces, ...words),
          fc.string({ unit: 'binary-ascii', maxLength: 5 }),
          fc.constant(''),
        ),
      }),
      { maxLength: 4 },
    ),
  )
  .map(([parts, edits]) =>
    edits.reduce((text, { at, drop, put }) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + put + text.slice(place + drop);
    }, parts.join('')),
  );

const split = (text: string, places: readonly number[]): string[] => {
  const ends = [0, ...places.map((place) => place % (text.length + 1)), text.length].sort((a, b) => a - b);
  return ends.slice(1).map((end, i) => text.slice(ends[i], end));
};

test(
  `whatever bytes come, replies are HTTP, what goes upstream is HTTP, and the next caller is served (${seconds} s)`,
  async () => {
    const { gateway, upstream } = await startTarget();
    const sockets = openSockets();
    let memory: number | undefined;
    let runs = 0;
    const harmless = fc.asyncProperty(
      fc.array(fc.tuple(message, fc.array(fc.nat(), { maxLength: 4 })), { minLength: 8, maxLength: 8 }),
      async (attacks) => {
        const received = await Promise.all(attacks.map(([text, places]) => attack(gateway.port, split(text, places))));
        for (const bytes of received) {
          const statuses = bytes === '' ? [] : bytes.split(/(?=HTTP\/1\.1 \d{3} )/).map(statusOf);
          expect(statuses.filter((status) => Number.isNaN(status) || status === 500)).toEqual([]);
        }
        expect(upstream.faults).toEqual([]);
        expect(await ordinary(gateway.port)).toMatch(/^HTTP\/1\.1 200 .*POST 5$/s);
        forget(gateway.log, upstream.requests);
        runs += attacks.length;
      },
    );
    const end = Date.now() + seconds * 1000;
    do {
      await fc.assert(harmless, {
        numRuns: 10,
        endOnFailure: true,
        ...(seed === undefined ? {} : { seed: Number(seed) }),
        ...(path === undefined ? {} : { path }),
      });
      // The first connections are what later ones are compared with.
      memory ??= memoryInUse();
    } while (Date.now() < end);
    while (openSockets() > sockets + 2 * upstream.openConnections) await new Promise((done) => setTimeout(done, 20));
    // The log is kept as text for as long as the gateway of a test runs.
    expect(memoryInUse() - memory).toBeLessThan(30_000_000 + 2 * gateway.rawLog.length);
    console.info(`${runs} connections with random bytes`);
  },
  (seconds + 30) * 1000,
);

/** What the test itself has written down would look like a leak. */
function forget(...lists: (readonly unknown[])[]): void {
  for (const list of lists) (list as unknown[]).length = 0;
}
