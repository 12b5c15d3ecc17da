/** What a challenge may say beside the realm (RFC 6750 §3). */
export interface ChallengeParameters {
  readonly error?: 'invalid_request' | 'invalid_token' | 'insufficient_scope';
  readonly description?: string;
  readonly scope?: string;
}

/** A `WWW-Authenticate` pair for an error reply. Without an error code when the caller sent no token at all. */
export function bearerChallenge(
  realm: string,
  { error, description, scope }: ChallengeParameters = {},
): readonly string[] {
  let value = `Bearer realm="${realm}"`;
  if (error !== undefined) value += `, error="${error}"`;
  if (description !== undefined) value += `, error_description="${description}"`;
  if (scope !== undefined) value += `, scope="${scope}"`;
  return ['WWW-Authenticate', value];
}
