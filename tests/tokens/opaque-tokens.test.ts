import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { createOpaqueTokens, type OpaqueTokenKind } from '../../src/tokens/opaque-tokens.ts';

const secret = Buffer.alloc(32, 7);
const tokens = createOpaqueTokens({ secret });
const kinds = ['code', 'refresh'] as const;
const other = (kind: OpaqueTokenKind): OpaqueTokenKind => (kind === 'code' ? 'refresh' : 'code');

const anyKind = fc.constantFrom(...kinds);
const anyId = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((bytes) => Buffer.from(bytes).toString('base64url'));

describe('opaque tokens', () => {
  test('have their documented form', () => {
    const { token, id } = createOpaqueTokens({ secret, createId: () => 'abcdefghijklmnopqrstu_' }).make('refresh');
    const mac = createHmac('sha256', secret).update('grt_abcdefghijklmnopqrstu_').digest('base64url');
    expect([id, token]).toEqual(['abcdefghijklmnopqrstu_', `grt_abcdefghijklmnopqrstu_.${mac}`]);
    expect(tokens.make('code').token).toMatch(/^gac_[\w-]{22}\.[\w-]{43}$/);
  });

  test('are read by who made them, for what they were made, and are the same again for the same id', () => {
    fc.assert(
      fc.property(anyKind, (kind) => {
        const { token, id } = tokens.make(kind);
        expect(tokens.read(kind, token)).toBe(id);
        expect(tokens.tokenOf(kind, id)).toBe(token);
        expect(tokens.read(other(kind), token)).toBeUndefined();
      }),
    );
  });

  test('of one kind do not become the other by another prefix', () => {
    fc.assert(
      fc.property(anyKind, anyId, (kind, id) => {
        const prefix = kind === 'code' ? 'grt_' : 'gac_';
        expect(tokens.read(other(kind), prefix + tokens.tokenOf(kind, id).slice(4))).toBeUndefined();
      }),
    );
  });

  test('of another server say nothing', () => {
    const stranger = createOpaqueTokens({ secret: Buffer.alloc(32, 8) });
    fc.assert(
      fc.property(anyKind, anyId, (kind, id) => {
        expect(tokens.read(kind, stranger.tokenOf(kind, id))).toBeUndefined();
      }),
    );
  });

  test('are refused with any character changed, removed or added', () => {
    const anyCharacter = fc.oneof(fc.constantFrom(...'AaBb09-_.=+/ \n\0é'), fc.string({ minLength: 1, maxLength: 1 }));
    fc.assert(
      fc.property(anyKind, anyId, fc.nat(69), anyCharacter, fc.nat(2), (kind, id, at, character, how) => {
        const token = tokens.tokenOf(kind, id);
        const kept = how === 0 ? at : at + 1;
        const altered = token.slice(0, at) + (how === 2 ? '' : character) + token.slice(kept);
        fc.pre(altered !== token);
        expect(tokens.read(kind, altered)).toBeUndefined();
      }),
      { numRuns: 1_000 },
    );
  });

  test('are refused in a second spelling of the same bytes', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const token = tokens.tokenOf('code', 'AAAAAAAAAAAAAAAAAAAAAA');
    const twin = token.slice(0, -1) + alphabet[alphabet.indexOf(token.at(-1)!) + 1];
    expect(Buffer.from(twin.slice(27), 'base64url')).toEqual(Buffer.from(token.slice(27), 'base64url'));
    expect(tokens.read('code', twin)).toBeUndefined();
  });

  test('are nothing that anybody makes up', () => {
    const madeUp = fc.oneof(
      fc.string(),
      fc.stringMatching(/^(gac_|grt_)[\w-]{22}\.[\w-]{43}$/),
      fc.constantFrom('', 'gac_', 'gac_.', '__proto__'),
    );
    fc.assert(fc.property(anyKind, madeUp, (kind, token) => expect(tokens.read(kind, token)).toBeUndefined()));
  });

  test('never have the id of another', () => {
    expect(new Set(Array.from({ length: 100 }, () => tokens.make('code').id)).size).toBe(100);
  });
});
