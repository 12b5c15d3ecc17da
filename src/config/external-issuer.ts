import * as z from 'zod';
import { expecting } from './expecting.ts';
import { isLoopback, otherIssuer } from './issuer.ts';

const urlPhrase = 'the address of a key set such as https://idp.example.com/jwks.json';

const keySetUrl = z.string(expecting(urlPhrase)).superRefine((written, context) => {
  const refuse = (message: string) => context.addIssue({ code: 'custom', message });
  if (!URL.canParse(written)) refuse(`expected ${urlPhrase}`);
  else if (!isFetchable(new URL(written))) {
    refuse('keys come over https (http only from this machine), from an address without user, password and fragment');
  }
});

/** May keys, or the metadata that leads to them, be fetched from here? https, or http on this machine itself. */
export function isFetchable(url: URL): boolean {
  if (url.username !== '' || url.password !== '' || url.hash !== '') return false;
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname));
}

const algorithm = z.enum(['RS256', 'ES256'], expecting('RS256 or ES256'));
const claim = z.string(expecting('the name of a claim')).min(1, expecting('the name of a claim'));

const claims = z.strictObject({
  scopes: claim.default('scope').describe('Scopes: a text with spaces between them, or a list. Often scope or scp.'),
  roles: claim.default('roles').describe('Roles: a list, or one text. Dots lead into maps: realm_access.roles.'),
  client: claim.default('client_id').describe('The client. Often client_id or azp.'),
});

/** An issuer beside our own whose access tokens routes may accept. */
export const externalIssuer = z.strictObject({
  issuer: otherIssuer.describe('iss of its tokens, byte for byte.'),
  keys: z
    .exactOptional(keySetUrl)
    .describe('Its key set (RFC 7517). Absent: found in its metadata (RFC 8414 or OpenID Connect Discovery).'),
  audience: z
    .string(expecting('a text such as https://api.example.com'))
    .min(1, expecting('a text such as https://api.example.com'))
    .describe('aud that it puts into tokens for this gateway.'),
  algorithms: z
    .array(algorithm, expecting('a list of RS256 and ES256'))
    .min(1, expecting('at least one of RS256 and ES256'))
    .default(['RS256', 'ES256'])
    .describe('Algorithms that it may sign with.'),
  typ: z
    .enum(['at+jwt', 'any'], expecting('at+jwt or any'))
    .default('at+jwt')
    .describe('at+jwt: only access tokens by RFC 9068. any: also those that do not say what they are.'),
  claims: claims.prefault({}).describe('Where in its tokens things are.'),
});

/** See {@link externalIssuer}. */
export type ExternalIssuerConfig = z.output<typeof externalIssuer>;
