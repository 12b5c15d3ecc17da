import fc from 'fast-check';
import { lintReply } from '../support/lint-reply.ts';
import { rawRequest } from '../support/raw-client.ts';
import { reply } from '../support/scripted-upstream.ts';
import { get, startOpen } from '../support/start-open.ts';

/** As `fuzz.test.ts`, with an instance that answers random bytes; the same variables apply. */
const seconds = Number(process.env.FUZZ_SECONDS ?? 1);
const { FUZZ_SEED: seed, FUZZ_PATH: path } = process.env;

const good = [
  reply(200, ['ETag: "1"', 'Connection: X-Hop', 'X-Hop: 1'], 'body'),
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n4\r\nbody\r\n0\r\nX-Sum: 1\r\n\r\n',
  `HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n${reply(201, ['Location: /a'])}`,
  'HTTP/1.0 200 OK\r\n\r\nuntil the end',
  'HTTP/1.1 304 Same\r\nContent-Length: 9\r\n\r\n',
  'HTTP/1.1 204 None\r\n\r\n',
  'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n',
];
const pieces = [
  '\r\n',
  '\n',
  '\r',
  '\0',
  ' ',
  ':',
  '0',
  'f',
  '\x7f',
  '\xff',
  'Content-Length: 3\r\n',
  'Transfer-Encoding: chunked\r\n',
];

const answer = fc
  .tuple(
    fc.array(fc.constantFrom(...good), { minLength: 1, maxLength: 3 }),
    fc.array(
      fc.record({
        at: fc.nat(400),
        drop: fc.nat(3),
        put: fc.oneof(fc.constantFrom('', ...pieces), fc.string({ maxLength: 4 })),
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

test(
  `whatever an instance answers, the caller gets HTTP, and no fault of the gateway (${seconds} s)`,
  async () => {
    const answers = new Map<string, string>();
    const { gateway } = await startOpen(
      ({ target }, socket) => {
        // In two writes: what comes late is read in another turn.
        const bytes = answers.get(target) ?? reply(200, [], 'fine');
        socket.write(bytes.slice(0, bytes.length / 2), 'latin1');
        setImmediate(() => socket.end(bytes.slice(bytes.length / 2), 'latin1'));
      },
      'limits: { address: false }',
      ', timeouts: { firstByte: 1s, total: 2s }',
    );
    const harmless = fc.asyncProperty(fc.array(answer, { minLength: 8, maxLength: 8 }), async (texts) => {
      await Promise.all(
        texts.map(async (text, i) => {
          answers.set(`/${i}`, text);
          const method = i % 4 === 0 ? 'HEAD' : 'GET';
          const received = await rawRequest(gateway.port, get(`/${i}`, ['TE: trailers'], method));
          expect(lintReply(received, method)).toEqual([]);
          expect(received).not.toContain('GW_INTERNAL');
        }),
      );
      expect(await rawRequest(gateway.port, get('/fine'))).toMatch(/^HTTP\/1\.1 200 .*fine$/s);
      (gateway.log as unknown[]).length = 0;
    });
    const end = Date.now() + seconds * 1000;
    do {
      await fc.assert(harmless, {
        numRuns: 10,
        endOnFailure: true,
        ...(seed === undefined ? {} : { seed: Number(seed) }),
        ...(path === undefined ? {} : { path }),
      });
    } while (Date.now() < end);
  },
  (seconds + 30) * 1000,
);
