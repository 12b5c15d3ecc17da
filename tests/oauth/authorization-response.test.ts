import fc from 'fast-check';
import { consentRefused, RedirectError, refusalUrl, responseUrl } from '../../src/oauth/authorization-response.ts';
import { OAuthError } from '../../src/oauth/oauth-error.ts';

const issuer = 'https://id.example';

describe('the address of an answer', () => {
  test.each([
    ['https://a.example/cb', 'https://a.example/cb?code=c'],
    ['https://a.example', 'https://a.example?code=c'],
    ['https://a.example/cb?', 'https://a.example/cb?code=c'],
    ['https://a.example/cb?x=%20+1', 'https://a.example/cb?x=%20+1&code=c'],
    ['https://a.example/cb?x&', 'https://a.example/cb?x&code=c'],
    ['com.example.app:/cb', 'com.example.app:/cb?code=c'],
  ])('at %s keeps what is there', (redirectUri, begins) => {
    const url = responseUrl({ redirectUri, state: 'a&b=c#d' }, { code: 'c' }, issuer);
    expect(url).toBe(`${begins}&state=a%26b%3Dc%23d&iss=https%3A%2F%2Fid.example`);
  });

  test('gives every state back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (state) => {
        const url = new URL(responseUrl({ redirectUri: 'https://a.example/cb?x=1', state }, { code: 'c' }, issuer));
        expect(Object.fromEntries(url.searchParams)).toEqual({ x: '1', code: 'c', state, iss: issuer });
        expect([url.origin, url.pathname, url.hash]).toEqual(['https://a.example', '/cb', '']);
      }),
    );
  });

  test('of a refusal says why, in a fixed text', () => {
    const target = { redirectUri: 'https://a.example/cb', state: undefined };
    const refusal = new RedirectError(target, new OAuthError('invalid_scope', 'No.'));
    expect(refusalUrl(refusal, issuer)).toBe(
      'https://a.example/cb?error=invalid_scope&error_description=No.&iss=https%3A%2F%2Fid.example',
    );
    expect(consentRefused(target).error.code).toBe('access_denied');
  });
});
