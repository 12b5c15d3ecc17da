import type { Principal } from '../../src/model/principal.ts';
import { createIssuerChoice } from '../../src/tokens/choose-issuer.ts';
import { TokenError } from '../../src/tokens/token-error.ts';
import { makePrincipal } from '../model/make-exchange.ts';

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
const from = (iss: unknown, id = 1): string => `${encode({ alg: 'x' })}.${encode({ iss, id })}.AAAA`;

/** Verifiers that believe everything and note who was asked. */
function open() {
  const asked: string[] = [];
  const remembered = new Map<string, Principal>();
  const believe = (name: string) => (): Principal => {
    asked.push(name);
    return makePrincipal({ subject: name });
  };
  const choose = createIssuerChoice({
    issuer: 'https://own.example',
    own: { verify: believe('own'), recall: (token) => remembered.get(token) },
    others: ['https://a.example', 'https://b.example'].map((issuer) => ({ issuer, verify: believe(issuer) })),
  });
  return { asked, remembered, choose };
}

test('our own verifier gets every token where only ours are accepted', () => {
  const { asked, choose } = open();
  for (const accepted of [undefined, ['own']]) choose(accepted)(from('https://a.example'));
  expect(asked).toEqual(['own', 'own']);
});

test('the issuer of a token, and nobody else, is asked where several are accepted', () => {
  const { asked, choose } = open();
  const verify = choose(['https://a.example', 'own']);
  expect(verify(from('https://a.example'))).toMatchObject({ subject: 'https://a.example' });
  expect(verify(from('https://own.example'))).toMatchObject({ subject: 'own' });
  expect(asked).toEqual(['https://a.example', 'own']);
});

test.each([
  'https://b.example',
  'https://a.example/',
  'HTTPS://A.EXAMPLE',
  'own',
  ['https://a.example'],
  { toString: 'https://a.example' },
  null,
  undefined,
  '',
])('a token of %p is of nobody', (iss) => {
  const { asked, choose } = open();
  expect(() => choose(['own', 'https://a.example'])(from(iss))).toThrow(TokenError);
  expect(asked).toEqual([]);
});

test('our own are refused where only others are accepted, even those that are remembered', () => {
  const { asked, remembered, choose } = open();
  const token = from('https://own.example');
  remembered.set(token, makePrincipal());
  expect(() => choose(['https://a.example'])(token)).toThrow('does not accept');
  expect(asked).toEqual([]);
});

test('a token of ours that is remembered is not read', () => {
  const { asked, remembered, choose } = open();
  const ana = makePrincipal();
  remembered.set('not even a token', ana);
  expect(choose(['own', 'https://a.example'])('not even a token')).toBe(ana);
  expect(asked).toEqual([]);
});

test.each([
  '',
  'a',
  'a.b',
  'a.b.c.d',
  `${encode({})}.${encode(null)}.AAAA`,
  `${encode({})}.e30=.AAAA`,
  'x'.repeat(9_000),
])('what is no token is refused: %p', (token) => {
  expect(() => open().choose(['own', 'https://a.example'])(token)).toThrow(TokenError);
});
