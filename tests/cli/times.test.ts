import { UsageError } from '../../src/cli/command.ts';
import { formatDistance, formatTime, readDuration, readTime } from '../../src/cli/times.ts';

const now = Date.parse('2026-11-21T14:05:09.700Z') / 1_000;

test('a time is shown as ISO 8601 writes it, in local time, and can be read back', () => {
  const shown = formatTime(now);
  expect(shown).toMatch(/^2026-11-2[0-2]T\d\d:\d\d:09$/);
  expect(readTime('--since', shown, 0)).toBe(Math.floor(now));
});

test.each([
  [0, 'now'],
  [0.4, 'now'],
  [1, 'in 1 s'],
  [59, 'in 59 s'],
  [60, 'in 1 min'],
  [3_599, 'in 60 min'],
  [3 * 3_600, 'in 3 h'],
  [86_399, 'in 24 h'],
  [13.6 * 86_400, 'in 14 d'],
  [-1, '1 s ago'],
  [-2 * 86_400, '2 d ago'],
])('%d s away is "%s"', (distance, said) => {
  expect(formatDistance(now + distance, now)).toBe(said);
});

test.each([
  ['2h', Math.floor(now - 7_200)],
  ['30m', Math.floor(now - 1_800)],
  ['7d', Math.floor(now - 7 * 86_400)],
  ['2026-11-20', new Date(2026, 10, 20).getTime() / 1_000],
  ['2026-11-20T08:30', new Date(2026, 10, 20, 8, 30).getTime() / 1_000],
  ['2026-11-20 08:30:15', new Date(2026, 10, 20, 8, 30, 15).getTime() / 1_000],
  ['2026-11-20T08:30:15Z', Date.UTC(2026, 10, 20, 8, 30, 15) / 1_000],
  ['2026-11-20T08:30:15+02:00', Date.UTC(2026, 10, 20, 6, 30, 15) / 1_000],
])('--since %s', (written, seconds) => {
  expect(readTime('--since', written, now)).toBe(seconds);
});

test.each(['yesterday', '2', '2 h', '-2h', '2026-13-01', '2026-11-20T25:00', '20261120', ''])(
  '--since "%s" is refused',
  (written) => {
    expect(() => readTime('--since', written, now)).toThrow(UsageError);
    expect(() => readTime('--since', written, now)).toThrow(
      `--since: expected 2h, 30m, 7d or a time such as 2026-11-21T14:05, got "${written}"`,
    );
  },
);

test('a duration is read in seconds', () => {
  expect(readDuration('--overlap', '24h')).toBe(86_400);
  expect(readDuration('--overlap', '0s')).toBe(0);
  expect(readDuration('--overlap', '1500ms')).toBe(2);
  expect(() => readDuration('--overlap', '1')).toThrow(
    '--overlap: expected a duration such as 30m, 24h or 7d, got "1"',
  );
});
