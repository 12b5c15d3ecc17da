import type { Client, RefreshTokenLifetime } from '../model/client.ts';
import type { ClientMembers } from './client-members.ts';
import { originsOf } from './client-uris.ts';

/** What members of a client say against each other, secrets apart: `path` leads to the member that should give way. */
export function contradictionsOf(value: ClientMembers): { message: string; path: string[] }[] {
  const found: { message: string; path: string[] }[] = [];
  const refuse = (message: string, ...path: string[]) => found.push({ message, path });
  const uses = (name: string) => value.grants.indexOf(name as never);
  if (value.type === 'public') {
    if (value.authentication) refuse('a public client does not authenticate', 'authentication');
    if (value.pkce === 'optional') refuse('a public client cannot do without PKCE (RFC 9700 §2.1.1)', 'pkce');
    for (const own of ['client_credentials', 'password']) {
      if (uses(own) >= 0)
        refuse(`${own} is for confidential clients only (RFC 6749 §4.4)`, 'grants', String(uses(own)));
    }
  } else if (uses('password') >= 0 && !value.firstParty) {
    refuse(
      'password is for clients with firstParty: true: nobody else may see passwords',
      'grants',
      String(uses('password')),
    );
  }
  if (uses('authorization_code') >= 0 && value.redirectUris.length === 0) {
    refuse('a client with the grant authorization_code needs redirectUris');
  }
  if (uses('refresh_token') >= 0 && uses('authorization_code') < 0 && uses('password') < 0) {
    refuse(
      'refresh_token renews what authorization_code or password gave: add one of them',
      'grants',
      String(uses('refresh_token')),
    );
  }
  if (value.application === 'native' && value.firstParty && value.type === 'public') {
    refuse('a native client cannot prove that it is yours: its users are always asked (RFC 8252 §8.6)', 'firstParty');
  }
  return found;
}

const usualRefresh = {
  public: { idle: 24 * 3_600, max: 14 * 24 * 3_600 },
  confidential: { idle: 30 * 24 * 3_600, max: 90 * 24 * 3_600 },
} as const satisfies Record<string, RefreshTokenLifetime>;

/** Fills in what depends on other members. The secrets come from elsewhere. */
export function toClient(members: ClientMembers): Omit<Client, 'secretHashes'> {
  const { name, authentication: ways, origins, pkce, refreshTokens: lifetimes, ...rest } = members;
  const isPublic = rest.type === 'public';
  return {
    ...rest,
    name: name ?? rest.id,
    authentication: isPublic ? ['none'] : (ways ?? ['client_secret_basic', 'client_secret_post']),
    origins: origins ?? (isPublic ? originsOf(rest.redirectUris) : []),
    requirePkce: pkce === 'required',
    refreshTokens: { ...usualRefresh[rest.type], ...lifetimes },
  };
}
