// Looking into an access token, because this is a demonstration. An application needs no such thing: what an access token
// says is for the API, and may be something else tomorrow (RFC 9068 §6).

/** The claims of a JWT, unchecked. */
export function readClaims(jwt) {
  const [, payload] = jwt.split('.');
  const bytes = Uint8Array.from(atob(payload.replaceAll('-', '+').replaceAll('_', '/')), (it) => it.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** A token in eight letters: enough to see whether two are the same, no use to anybody else. */
export async function fingerprint(token) {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(token));
  return Array.from(new Uint8Array(hash, 0, 4), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
