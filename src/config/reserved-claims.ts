/**
 * The claims that have a meaning of their own to verifiers (RFC 7519 §4.1, RFC 9068 §2.2, RFC 8693 §4, RFC 7800 §3.1),
 * and the one that has it to this server. Neither a client nor a user can have them as further claims.
 */
export const reservedClaims: ReadonlySet<string> = new Set(
  'iss sub aud exp nbf iat jti client_id scope roles groups entitlements auth_time acr amr sid act may_act cnf epoch'.split(
    ' ',
  ),
);
