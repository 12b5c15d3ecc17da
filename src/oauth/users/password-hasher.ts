import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { StoreError } from '../../stores/store-error.ts';
import { BoundedQueue } from './bounded-queue.ts';

/** What a hash costs to make: N = 2^ln, r and p of scrypt (RFC 7914 §2). */
export interface HashCost {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

/** What {@link createPasswordHasher} may be told. */
export interface PasswordHasherOptions {
  readonly cost?: HashCost;
  /** Passwords hashed at the same time, each in a thread of Node's pool. */
  readonly atOnce?: number;
  /** Passwords that may wait for that. */
  readonly waitingAtMost?: number;
}

/** Makes and checks password hashes. `hash` and `verify` reject with a {@link HasherBusyError} when too many wait. */
export interface PasswordHasher {
  /** The password as a PHC string with a salt of its own. */
  hash(password: string): Promise<string>;
  /**
   * Whether the password made this PHC string; without one it is false, at the same cost. Rejects with a StoreError when
   * what the store has is not an scrypt PHC string.
   */
  verify(password: string, phc: string | undefined): Promise<boolean>;
  /** Whether the PHC string was made at another cost than new ones are. */
  needsRehash(phc: string): boolean;
}

/** More passwords wait to be hashed than may. */
export class HasherBusyError extends Error {
  /** Seconds after which it is worth another try. */
  readonly retryAfter = 2;

  constructor() {
    super('too many passwords are being checked');
    this.name = 'HasherBusyError';
  }
}

/** Usernames and passwords have at most so many UTF-16 units: longer ones are wrong, and cannot be set. */
export const longestCredential = 256;

interface HashParts {
  readonly cost: HashCost;
  readonly salt: Buffer;
  readonly key: Buffer;
}

const saltBytes = 16;
const keyBytes = 32;
/** What one hash may take, whoever made it. */
const maxMemory = 256 * 2 ** 20;

const scryptAsync = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
);

/** Hashes with scrypt; by default N = 2^15, r = 8, p = 3, which is 32 MiB and some 200 ms each, two at once. */
export function createPasswordHasher({
  cost = { ln: 15, r: 8, p: 3 },
  atOnce = 2,
  waitingAtMost = 16,
}: PasswordHasherOptions = {}): PasswordHasher {
  const queue = new BoundedQueue(atOnce, waitingAtMost, () => new HasherBusyError());
  const nobody: HashParts = { cost, salt: randomBytes(saltBytes), key: randomBytes(keyBytes) };
  const costPart = formatCost(cost);

  return {
    async hash(password) {
      const salt = randomBytes(saltBytes);
      const key = await queue.run(() => derive(password, cost, salt));
      return `$scrypt$${costPart}$${toBase64(salt)}$${toBase64(key)}`;
    },
    async verify(password, phc) {
      const { cost: made, salt, key } = phc === undefined ? nobody : parsePhc(phc);
      return timingSafeEqual(await queue.run(() => derive(password, made, salt)), key);
    },
    needsRehash: (phc) => phc.split('$')[2] !== costPart,
  };
}

/** Normalised first, because keyboards differ in how they write the same letters (RFC 8265 §4.2). */
const derive = (password: string, { ln, r, p }: HashCost, salt: Buffer): Promise<Buffer> =>
  scryptAsync(password.normalize('NFC'), salt, keyBytes, { N: 2 ** ln, r, p, maxmem: 2 * maxMemory });

const formatCost = ({ ln, r, p }: HashCost): string => `ln=${ln},r=${r},p=${p}`;

function parsePhc(phc: string): HashParts {
  const match = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{43})$/.exec(
    phc,
  );
  const [, ln, r, p, salt = '', key = ''] = match ?? [];
  if (match === null || 128 * 2 ** Number(ln) * Number(r) > maxMemory) {
    throw new StoreError(
      'The store has a password hash that is not an scrypt PHC string this Garita can check. Set that password again.',
    );
  }
  return {
    cost: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
  };
}

const toBase64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
