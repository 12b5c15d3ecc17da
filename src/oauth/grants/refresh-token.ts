import type { StoredGrant } from '../../stores/grant-store.ts';
import { resolveAudience } from '../audience.ts';
import { OAuthError } from '../oauth-error.ts';
import { parseScopes } from '../scopes.ts';
import { refuseOtherResource } from './authorization-code.ts';
import type { Grant, GrantRequest, GrantServices, Permission } from './grant.ts';
import { grantRefused, permitAgain } from './permit.ts';
import { requireParameter } from './require-parameter.ts';

/** For whom the answer got lost, or who asked twice at once: they get the same successor for so long, in seconds. */
const grace = 10;

/** What a token request may have of a grant, found out before anything is used up. */
type Renewal = Pick<Permission, 'scopes'> & { readonly user: Pick<StoredGrant, 'roles' | 'claims'> };

/**
 * A new access token for an old refresh token, which is replaced (RFC 6749 §6, RFC 9700 §4.14.2). One that comes again
 * later ends the grant: somebody else has it. A request that asks for too much costs nothing.
 */
export const refreshToken: Grant = {
  type: 'refresh_token',
  forUsers: true,
  async admit(request, services) {
    const { client, form } = request;
    const { grants, opaqueTokens, clock } = services;
    const id = opaqueTokens.read('refresh', requireParameter(form, 'refresh_token'));
    if (id === undefined) throw grantRefused('no refresh token of this server');

    const found = await grants.findByRefresh(id, clock());
    const isUsable = found?.token !== undefined && found.grant.clientId === client.id;
    const early = isUsable ? await renew(found.grant, request, services) : undefined;
    const grant = await rotate(id, request, services);
    // Whether one that was replaced a moment ago is still good shows only by rotating it, which then uses nothing up.
    const { user, scopes } = early ?? (await renew(grant.grant, request, services));
    return permitAgain(services, grant.grant, user, scopes, opaqueTokens.tokenOf('refresh', grant.successor.id));
  },
};

async function rotate(id: string, { client, address }: GrantRequest, services: GrantServices) {
  const { grants, opaqueTokens, endGrants, clock, log } = services;
  const now = clock();
  const successor = { id: opaqueTokens.make('refresh').id, expiresAt: Math.floor(now) + client.refreshTokens.idle };
  const rotated = await grants.rotateRefresh(id, client.id, successor, grace, now);
  switch (rotated.outcome) {
    case 'ok':
    case 'grace':
      return rotated;
    case 'missing':
      throw grantRefused('unknown, over, or of another client');
    case 'reused':
      await endGrants.abused(rotated.grant, { actor: client.id, address, detail: 'a refresh token came twice' });
      log.warn('a refresh token came twice: its tokens are revoked', {
        clientId: client.id,
        grantId: rotated.grant.id,
      });
      throw grantRefused('used before');
  }
}

/** Rejects with an OAuthError where the grant does not allow it, or the user may not or cannot be asked for now. */
async function renew(grant: StoredGrant, request: GrantRequest, services: GrantServices): Promise<Renewal> {
  const { client, form } = request;
  refuseOtherResource(form.get('resource'), grant.audience); //                          RFC 8707 §2.2
  resolveAudience(grant.audience, client, services.audience);
  const requested = narrow(form.get('scope'), grant); //                                 RFC 6749 §6
  const user = await findUser(grant, request, services);
  // The client may have lost some since, as the user may have roles.
  const scopes = services.allowedScopes(user, requested).filter((scope) => client.scopes.includes(scope));
  if (scopes.length === 0 && requested.length > 0) throw grantRefused('none of its scopes is allowed any more');
  return { user, scopes };
}

/** Less than what was granted is possible for one token, and not for good; more is not. */
function narrow(requested: string | undefined, { scopes }: StoredGrant): readonly string[] {
  if (requested === undefined) return scopes;
  const wanted = parseScopes(requested);
  if (wanted.every((scope) => scopes.includes(scope))) return wanted;
  throw new OAuthError('invalid_scope', 'A requested scope was not granted.');
}

async function findUser(grant: StoredGrant, { address }: GrantRequest, { directory, endGrants }: GrantServices) {
  const found = await directory.find(grant.subject);
  switch (found.outcome) {
    case 'ok':
      return found.user;
    case 'unknown':
      return grant;
    case 'gone':
      await endGrants.one(grant.id, { address, detail: 'the user is gone or disabled' });
      throw grantRefused('the user is gone');
    case 'unavailable':
      throw new OAuthError('temporarily_unavailable', 'Users cannot be looked up now. Try again later.', {
        headers: { 'Retry-After': String(found.retryAfter) },
        cause: found.reason,
      });
  }
}
