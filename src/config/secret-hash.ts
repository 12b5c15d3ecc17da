import { createHash } from 'node:crypto';

/**
 * The form in which a client secret is kept and compared: `sha256:` and 64 hex digits. A plain digest suffices because
 * secrets are long and random; it would not for passwords.
 */
export function hashSecret(secret: string): string {
  return `sha256:${createHash('sha256').update(secret).digest('hex')}`;
}
