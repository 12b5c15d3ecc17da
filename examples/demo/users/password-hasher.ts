import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { Problem } from '../service/problem.ts';
import { BoundedQueue } from './bounded-queue.ts';

/** Makes and checks password hashes. Both reject with a 503 problem when too many are waiting already. */
export interface PasswordHasher {
  /** The password as a PHC string with a salt of its own. */
  hash(password: string): Promise<string>;
  /** Whether the password made this PHC string; without one it is false, at the same cost. */
  verify(password: string, phc: string | undefined): Promise<boolean>;
}

interface HashParts {
  readonly cost: { readonly ln: number; readonly r: number; readonly p: number };
  readonly salt: Buffer;
  readonly key: Buffer;
}

const COST = { ln: 15, r: 8, p: 3 };
const SALT_BYTES = 16;
const KEY_BYTES = 32;

const scryptAsync = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
);

/** Hashes with scrypt: N = 2^15, r = 8, p = 3, which is 32 MiB and some 200 ms each, so few may run at once. */
export function createPasswordHasher(limits: { atOnce: number; waitingAtMost: number }): PasswordHasher {
  const queue = new BoundedQueue(
    limits.atOnce,
    limits.waitingAtMost,
    () => new Problem(503, 'Too many passwords are being checked.', { headers: { 'Retry-After': '2' } }),
  );
  const nobody: HashParts = { cost: COST, salt: randomBytes(SALT_BYTES), key: randomBytes(KEY_BYTES) };

  return {
    hash: async (password) => {
      const salt = randomBytes(SALT_BYTES);
      return formatPhc({ cost: COST, salt, key: await queue.run(() => derive(password, COST, salt)) });
    },
    verify: async (password, phc) => {
      const { cost, salt, key } = phc === undefined ? nobody : parsePhc(phc);
      return timingSafeEqual(await queue.run(() => derive(password, cost, salt)), key);
    },
  };
}

/** Normalised first, because keyboards differ in how they write the same letters (RFC 8265 §4.2). */
function derive(password: string, { ln, r, p }: HashParts['cost'], salt: Buffer): Promise<Buffer> {
  const N = 2 ** ln;
  return scryptAsync(password.normalize('NFC'), salt, KEY_BYTES, { N, r, p, maxmem: 256 * N * r });
}

function formatPhc({ cost: { ln, r, p }, salt, key }: HashParts): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${toBase64(salt)}$${toBase64(key)}`;
}

function parsePhc(phc: string): HashParts {
  const match = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]{43})$/.exec(phc);
  if (!match) throw new Error('the database holds a password hash that is not an scrypt PHC string');
  const [, ln, r, p, salt = '', key = ''] = match;
  return {
    cost: { ln: Number(ln), r: Number(r), p: Number(p) },
    salt: Buffer.from(salt, 'base64'),
    key: Buffer.from(key, 'base64'),
  };
}

function toBase64(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}
