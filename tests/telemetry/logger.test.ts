import fc from 'fast-check';
import { createLogger, type LoggerOptions } from '../../src/telemetry/logger.ts';
import { makeExchange, makePrincipal } from '../model/make-exchange.ts';

const end = { status: 200, bytes: 0, complete: true, ms: 1.26 };

function start(options: Partial<LoggerOptions> = {}) {
  const lines: string[] = [];
  const log = createLogger({
    level: 'info',
    format: 'json',
    exchanges: true,
    lines: { write: (line) => void lines.push(line) },
    now: () => Date.UTC(2026, 0, 2, 3, 4, 5, 6),
    ...options,
  });
  return { log, lines };
}

// What paints a line, and the only control characters that one may have.
const colours = new RegExp(`${String.fromCharCode(27)}\\[\\d+m`, 'g');
const plain = (line: string | undefined) => line?.replace(colours, '');

describe('json', () => {
  test('one object a line: time, level, message, then the fields', () => {
    const { log, lines } = start();
    log.info('ready', { routes: 2, token: 'hidden' });
    log.warn('slow\nreader');
    expect(lines).toEqual([
      '{"time":"2026-01-02T03:04:05.006Z","level":"info","message":"ready","routes":2,"token":"[redacted]"}',
      '{"time":"2026-01-02T03:04:05.006Z","level":"warn","message":"slow\\nreader"}',
    ]);
  });

  test('errors with their causes, without tokens', () => {
    const { log, lines } = start();
    log.error('failed', { error: new Error('outer', { cause: new Error('inner Bearer abc') }) });
    expect(JSON.parse(lines[0]!)).toMatchObject({
      level: 'error',
      error: { message: 'outer', cause: { message: 'inner Bearer [redacted]' } },
    });
  });

  test('a message that quotes a token does not show it', () => {
    const { log, lines } = start();
    log.error('refused eyJh.eyJz.c2ln with Bearer abc');
    expect(JSON.parse(lines[0]!).message).toBe('refused [redacted] with Bearer [redacted]');
  });

  test('an exchange', () => {
    const { log, lines } = start();
    log.exchange(makeExchange({ path: '/a' }), end);
    expect(JSON.parse(lines[0]!)).toMatchObject({ message: 'exchange', path: '/a', status: 200, ms: 1.26 });
  });
});

test.each<[LoggerOptions['level'], string[]]>([
  ['error', ['error']],
  ['warn', ['error', 'warn']],
  ['info', ['error', 'warn', 'info', 'exchange']],
  ['debug', ['error', 'warn', 'info', 'debug', 'exchange']],
])('the level %s lets %j through', (level, through) => {
  const { log, lines } = start({ level });
  for (const name of ['error', 'warn', 'info', 'debug'] as const) log[name](name);
  log.exchange(makeExchange(), end);
  expect(lines.map((line) => JSON.parse(line).message)).toEqual(through);
});

test('exchanges can be left out', () => {
  const { log, lines } = start({ exchanges: false });
  log.exchange(makeExchange(), end);
  log.info('still here');
  expect(lines).toHaveLength(1);
});

describe('pretty', () => {
  test('one coloured line for people', () => {
    const { log, lines } = start({ format: 'pretty' });
    log.info('ready', { routes: 2, at: 'http://h', list: [1], nothing: undefined });
    expect(lines[0]).toMatch(colours);
    expect(plain(lines[0])).toBe('03:04:05.006 info  ready routes=2 at=http://h list=[1] nothing=undefined');
  });

  test('an exchange: what was asked, what came of it, who served it', () => {
    const { log, lines } = start({ format: 'pretty' });
    const exchange = makeExchange({ path: '/a', query: '?token=hidden', principal: makePrincipal() });
    Object.assign(exchange, { route: 'r', instance: 'h:1', cache: 'hit; ttl=3', errorCode: 'GW_X', attempts: 2 });
    log.exchange(exchange, { ...end, complete: false });
    expect(plain(lines[0])).toBe(
      '03:04:05.006 200   GET    /a 1.3 ms r h:1 storefront cache=hit; ttl=3 GW_X attempts=2 cut',
    );
  });

  test('nothing that anybody wrote commands the terminal', () => {
    const hostile = fc.string({
      unit: fc.constantFrom('\u001b[2J', '\u009b2J', '\u007f', '\r', '\n', '\u0000', 'a', '[31m', '"'),
    });
    fc.assert(
      fc.property(hostile, (text) => {
        const { log, lines } = start({ format: 'pretty' });
        log.exchange(makeExchange({ path: `/${text}`, id: text, host: text }), end);
        log.warn(text, { text, inner: { text }, error: new Error(text, { cause: new Error(text) }) });
        expect(lines).toHaveLength(2);
        for (const line of lines) expect(plain(line)).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});
