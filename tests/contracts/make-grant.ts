import type { StoredCode, StoredGrant } from '../../src/stores/grant-store.ts';
import { now } from './describe-stores.ts';

/** A grant of an hour that user `u1` gives client `storefront` now. */
export const makeGrant = (id: string, more: Partial<StoredGrant> = {}): StoredGrant => ({
  id,
  subject: 'u1',
  clientId: 'storefront',
  scopes: ['customers:read'],
  audience: 'https://api.example',
  session: undefined,
  authTime: now - 10,
  createdAt: now,
  expiresAt: now + 3_600,
  roles: ['buyer'],
  claims: { name: 'Ada' },
  revokedAt: undefined,
  ...more,
});

/** A code of a minute. */
export const makeCode = (id: string, grantId: string, more: Partial<StoredCode> = {}): StoredCode => ({
  id,
  grantId,
  redirectUri: 'https://shop.example/callback',
  codeChallenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
  expiresAt: now + 60,
  ...more,
});
