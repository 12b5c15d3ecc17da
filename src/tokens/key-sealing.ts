import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { StoreError } from '../stores/store-error.ts';

/** Encrypts the secrets of a store, each bound to its name: none can be put in the place of another. */
export interface Sealing {
  /** `name` for people too, such as "signing key 7". */
  seal(name: string, text: string): string;
  /**
   * Gives back the text, also of one that was never sealed.
   *
   * @throws StoreError when it cannot be read: no key for it, another key, or damaged.
   */
  open(name: string, sealed: string): string;
  /** Whether what is kept so is not as {@link seal} would keep it. */
  isBare(text: string): boolean;
}

/** `sealed:<which key>:<iv, tag and ciphertext>`, the parts in base64url. */
const form = /^sealed:([\w-]{11}):([\w-]+)$/;
const isSealed = (text: string): boolean => text.startsWith('sealed:');
const ivBytes = 12;
const tagBytes = 16;

/** AES-256-GCM (NIST SP 800-38D) under a key derived from the operator's (RFC 5869). Without one nothing is sealed. */
export function createSealing(encryptionKey: string | undefined): Sealing {
  if (encryptionKey === undefined) return withoutKey;
  const derived = Buffer.from(hkdfSync('sha256', encryptionKey, '', 'garita: keys at rest', 40));
  const key = derived.subarray(0, 32);
  // Says which key it was, so that another one is told apart from damage. Nobody gets from it to the key.
  const mark = derived.subarray(32).toString('base64url');
  return {
    isBare: (text) => !isSealed(text),
    seal(name, text) {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(name));
      const ciphertext = Buffer.concat([cipher.update(text), cipher.final()]);
      return `sealed:${mark}:${Buffer.concat([iv, cipher.getAuthTag(), ciphertext]).toString('base64url')}`;
    },
    open(name, sealed) {
      if (!isSealed(sealed)) return sealed;
      const [, usedMark, content = ''] = form.exec(sealed) ?? [];
      if (usedMark !== undefined && usedMark !== mark) {
        throw new StoreError(
          'The signing keys in the store are encrypted with another key than oauth.keys.encryptionKey. ' +
            'Set it to the one that they were encrypted with; the store was not changed.',
        );
      }
      const bytes = Buffer.from(content, 'base64url');
      const iv = bytes.subarray(0, ivBytes);
      const tag = bytes.subarray(ivBytes, ivBytes + tagBytes);
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, iv, { authTagLength: tagBytes });
        decipher.setAAD(Buffer.from(name)).setAuthTag(tag);
        const text = decipher.update(bytes.subarray(ivBytes + tagBytes));
        return Buffer.concat([text, decipher.final()]).toString();
      } catch (cause) {
        throw damaged(name, cause);
      }
    },
  };
}

const withoutKey: Sealing = {
  isBare: () => false,
  seal: (_name, text) => text,
  open(_name, sealed) {
    if (!isSealed(sealed)) return sealed;
    throw new StoreError(
      'The signing keys in the store are encrypted, and oauth.keys.encryptionKey is not set. ' +
        'Set it to the one that they were encrypted with; the store was not changed.',
    );
  },
};

/** A secret in the store that cannot be what was put there. `name` as in "the … in the store". */
export const damaged = (name: string, cause?: unknown): StoreError =>
  new StoreError(`The ${name} in the store is damaged. Restore a backup of the store.`, { cause });
