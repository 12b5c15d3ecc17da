import type { HstsConfig } from '../config/schema.ts';

/** The value of `Strict-Transport-Security` (RFC 6797 §6.1); undefined where it is not to be sent. */
export const describeHsts = (settings: HstsConfig | false): string | undefined =>
  settings === false
    ? undefined
    : `max-age=${settings.maxAge}${settings.includeSubDomains ? '; includeSubDomains' : ''}`;
