import { OAuthError } from '../oauth-error.ts';
import { checkCodeVerifier } from '../pkce.ts';
import type { Grant, GrantRequest, GrantServices } from './grant.ts';
import { grantRefused, permitFirst } from './permit.ts';
import { requireParameter } from './require-parameter.ts';

/**
 * The code that a user's browser brought (RFC 6749 §4.1.3). It works once; a second time ends everything that came of
 * the first (§4.1.2). The engine then holds the verifier and the redirect URI against it.
 */
export const authorizationCode: Grant = {
  type: 'authorization_code',
  forUsers: true,
  async admit(request, services) {
    const { client, form } = request;
    const code = requireParameter(form, 'code');
    checkCodeVerifier(form, client); //                                                  RFC 7636 §4.5
    const { grants, opaqueTokens, clock } = services;
    const id = opaqueTokens.read('code', code);
    if (id === undefined) throw grantRefused('no code of this server');
    const consumed = await grants.consumeCode(id, client.id, clock());
    if (consumed.outcome === 'missing') throw grantRefused('unknown, over, or of another client');
    if (consumed.outcome === 'replayed') return endReplayed(request, services, consumed);
    refuseOtherResource(form.get('resource'), consumed.grant.audience); //               RFC 8707 §2.2
    const why = { actor: client.id, address: request.address, detail: 'its code came with the wrong proof' };
    return {
      ...permitFirst(request, services, consumed.grant),
      code: consumed.code,
      abandon: () => services.endGrants.one(consumed.grant.id, why),
    };
  },
};

type Replayed = Extract<Awaited<ReturnType<GrantServices['grants']['consumeCode']>>, { outcome: 'replayed' }>;

async function endReplayed(
  { client, address }: GrantRequest,
  { endGrants, log }: GrantServices,
  { grant, age }: Replayed,
): Promise<never> {
  await endGrants.abused(grant, { actor: client.id, address, detail: 'an authorization code came twice' });
  log.warn('an authorization code came twice: its tokens are revoked', {
    clientId: client.id,
    grantId: grant.id,
    ...(age <= 1 && { hint: 'within a second: does the application redeem it in an effect that React runs twice?' }),
  });
  throw grantRefused('used before');
}

/** @throws OAuthError where a token request asks for another resource than the user agreed to. */
export function refuseOtherResource(requested: string | undefined, audience: string): void {
  if (requested === undefined || requested === audience) return;
  throw new OAuthError('invalid_target', 'The requested resource is not the one of the grant.');
}
