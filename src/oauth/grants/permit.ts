import type { User } from '../../model/user.ts';
import type { StoredGrant } from '../../stores/grant-store.ts';
import { OAuthError } from '../oauth-error.ts';
import type { GrantRequest, GrantServices, Permission } from './grant.ts';

/** The one answer to whoever brings a code or refresh token that is worth nothing, whatever the reason. */
export const grantRefused = (cause: string): OAuthError =>
  new OAuthError('invalid_grant', 'The grant is invalid, expired or not for this client.', { cause });

/**
 * What the first token of a grant may say. A refresh token goes with it if the client may use one (RFC 6749 §1.5).
 */
export function permitFirst(
  { client }: GrantRequest,
  { grants, opaqueTokens, clock }: GrantServices,
  grant: StoredGrant,
): Permission {
  const permission = permit(grant, grant, grant.scopes);
  if (!client.grants.includes('refresh_token')) {
    return { ...permission, confirm: () => isAlive(grant, { grants, clock }) };
  }
  const { id, token } = opaqueTokens.make('refresh');
  const now = Math.floor(clock());
  const expiresAt = Math.min(now + client.refreshTokens.idle, grant.expiresAt);
  return {
    ...permission,
    refreshToken: token,
    confirm: () => grants.addRefresh({ id, grantId: grant.id, expiresAt }, clock()),
  };
}

/** What a later token of a grant may say: the user as the directory knows them by now. */
export function permitAgain(
  { grants, clock }: GrantServices,
  grant: StoredGrant,
  user: Pick<User, 'roles' | 'claims'>,
  scopes: readonly string[],
  refreshToken: string,
): Permission {
  return { ...permit(grant, user, scopes), refreshToken, confirm: () => isAlive(grant, { grants, clock }) };
}

const permit = (grant: StoredGrant, { roles, claims }: Pick<User, 'roles' | 'claims'>, scopes: readonly string[]) => ({
  user: { subject: grant.subject, roles, claims },
  scopes,
  audience: grant.audience,
  grant,
});

async function isAlive({ id }: StoredGrant, { grants, clock }: Pick<GrantServices, 'grants' | 'clock'>) {
  const grant = await grants.find(id, clock());
  return grant !== undefined && grant.revokedAt === undefined;
}
