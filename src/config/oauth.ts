import * as z from 'zod';
import { client } from './client.ts';
import { expecting } from './expecting.ts';
import { externalIssuer } from './external-issuer.ts';
import { keys, pages, sessions } from './sign-in.ts';
import { users } from './users.ts';
import { duration, scopeName } from './values.ts';

/** The authorization server: its tokens, scopes and clients. */
export const oauth = z
  .strictObject({
    audience: z
      .exactOptional(z.string(expecting('a text such as https://api.example.com')).min(1, expecting('a text')))
      .describe('aud of access tokens, which the gateway expects; the issuer when absent.'),
    signing: z
      .enum(['RS256', 'ES256'], expecting('RS256 or ES256'))
      .default('RS256')
      .describe('Algorithm of access tokens.'),
    accessTokenLifetime: duration({ from: '10s', to: '15m' })
      .transform((milliseconds) => Math.ceil(milliseconds / 1_000))
      .prefault('5m')
      .describe(
        'From 10s to 15m: a service that verifies tokens by itself learns of a revocation only when they expire.',
      ),
    scopes: z
      .record(scopeName, z.string(expecting('a description for people')), expecting('scopes and their descriptions'))
      .default({})
      .describe('Every scope, with a description for people.'),
    clients: z.array(client, expecting('a list of clients')).default([]).describe('OAuth clients.'),
    issuers: z
      .array(externalIssuer, expecting('a list of issuers'))
      .default([])
      .describe('Issuers beside our own whose access tokens a route may accept.'),
    users: z.exactOptional(users),
    sessions: sessions.prefault({}),
    pages: pages.prefault({}),
    keys: keys.prefault({}),
  })
  .describe('The authorization server.');
