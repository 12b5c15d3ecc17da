import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { plainAddress, readForwardedFor, readNode } from '../../src/edge/node-address.ts';

test.each([
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.1:4711', '192.0.2.1'],
  ['192.0.2.1:_port', '192.0.2.1'],
  ['[2001:DB8::0:1]', '2001:db8::1'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['[::ffff:192.0.2.1]', '192.0.2.1'],
  ['[::ffff:c000:201]', '192.0.2.1'],
  ['unknown', 'unknown'],
  ['_hidden', 'unknown'],
  ['_hidden:_port', 'unknown'],
])('the node %s is %s', (written, address) => {
  expect(readNode(written)).toBe(address);
});

test.each([
  '',
  ' ',
  '192.0.2.256',
  '192.0.2.01',
  '192.0.2.1:',
  '192.0.2.1:port',
  '192.0.2',
  '2001:db8::1',
  '[192.0.2.1]',
  '[::1',
  '::1]',
  '[fe80::1%eth0]',
  '[]',
  'localhost',
  '_',
  '192.0.2.1, 192.0.2.2',
])('%j is no node', (written) => {
  expect(readNode(written)).toBeUndefined();
});

test('X-Forwarded-For has IPv6 addresses without brackets, too', () => {
  expect(readForwardedFor('2001:DB8::1')).toBe('2001:db8::1');
  expect(readForwardedFor('[2001:db8::1]:443')).toBe('2001:db8::1');
  expect(readForwardedFor('fe80::1%eth0')).toBeUndefined();
});

test('every address has one form, whoever writes it down', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
      const plain = plainAddress(address);
      expect(isIPv4(plain) || isIPv6(plain)).toBe(true);
      expect(plainAddress(plain)).toBe(plain);
      expect(plainAddress(address.toUpperCase())).toBe(plain);
      expect(readForwardedFor(address)).toBe(plain);
    }),
  );
});

test('nothing that is read is anything but an address', () => {
  const near = fc.string({ unit: fc.constantFrom(...'0129af:.[]_%, unkow'), maxLength: 24 });
  fc.assert(
    fc.property(fc.oneof(near, fc.string()), (written) => {
      for (const read of [readNode, readForwardedFor]) {
        const address = read(written);
        expect(address === undefined || address === 'unknown' || isIPv4(address) || isIPv6(address)).toBe(true);
      }
    }),
    { numRuns: 2_000 },
  );
});
