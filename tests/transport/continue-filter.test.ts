import { Readable } from 'node:stream';
import fc from 'fast-check';
import { ContinueFilter } from '../../src/transport/continue-filter.ts';

/** What comes out of the filter when these pieces come in, one after the other. */
function filtered(pieces: readonly string[], isExpecting = true): string {
  const connection = new Readable({ read() {} });
  const filter = new ContinueFilter();
  filter.attach(connection);
  if (isExpecting) filter.expectAnswer();
  let out = '';
  for (const piece of pieces) {
    connection.push(Buffer.from(piece, 'latin1'));
    for (let chunk = connection.read(); chunk !== null; chunk = connection.read()) out += chunk.toString('latin1');
  }
  return out;
}

const go = 'HTTP/1.1 100 Continue\r\n\r\n';
const hints = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
const answer = `HTTP/1.1 200 OK\r\nContent-Length: ${go.length}\r\n\r\n${go}`;

/** The text cut at these places. */
const cutAt = (text: string, places: readonly number[]): string[] => {
  const sorted = [0, ...places.map((place) => place % text.length), text.length].sort((a, b) => a - b);
  return sorted.slice(1).map((end, index) => text.slice(sorted[index], end));
};

test('however it arrives, only 100 before the answer is taken out', () => {
  const interim = fc.array(fc.constantFrom(go, 'HTTP/1.1 100\r\nX: 1\r\n\r\n', hints), { maxLength: 4 });
  fc.assert(
    fc.property(interim, fc.array(fc.nat(), { maxLength: 8 }), (before, places) => {
      const expected = before.filter((head) => head === hints).join('') + answer;
      expect(filtered(cutAt(before.join('') + answer, places))).toBe(expected);
    }),
  );
});

test('what is no interim answer passes as it came', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary-ascii', minLength: 12 }),
      fc.array(fc.nat(), { maxLength: 5 }),
      (text, places) => {
        fc.pre(!/^HTTP\/1\.[01] 1/.test(text));
        expect(filtered(cutAt(text, places))).toBe(text);
      },
    ),
  );
});

test('between requests nothing is held back or taken out', () => {
  expect(filtered([go], false)).toBe(go);
  expect(filtered(['HT'], false)).toBe('HT');
});

test('an interim answer without an end is handed on instead of being held for ever', () => {
  const endless = `HTTP/1.1 100 Continue\r\nX: ${'a'.repeat(20_000)}`;
  expect(filtered([endless])).toBe(endless);
});
