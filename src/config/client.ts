import * as z from 'zod';
import type { Client } from '../model/client.ts';
import { clientMembers } from './client-members.ts';
import { contradictionsOf, toClient } from './client-rules.ts';
import { expecting } from './expecting.ts';
import { hashSecret } from './secret-hash.ts';

/** Secrets that begin so are for trying things out: accepted short and in the file, refused in production. */
export const demoSecretPrefix = 'demo-only-';

// Both abort, so that the rules for the client as a whole meet lists, and not what could not be decoded to one.
const secret = z.string().refine((value) => value.length >= 32 || value.startsWith(demoSecretPrefix), {
  error: 'a client secret has at least 32 characters: "garita secret" makes a good one',
  abort: true,
});

const secretHash = z.string().regex(/^sha256:[0-9a-f]{64}$/, {
  ...expecting('sha256: and 64 hex digits, as "garita secret" prints it'),
  abort: true,
});

const oneOrTwo = <T extends z.ZodType<string>>(item: T) =>
  z
    .union(
      [item, z.array(item).min(1).max(2)],
      'write one text in quotes, or a list of two while one replaces the other',
    )
    .transform((value) => (typeof value === 'string' ? [value] : value));

const shape = z.strictObject({
  ...clientMembers,
  secret: z
    .exactOptional(oneOrTwo(secret))
    .describe('By reference to an environment variable; two while one replaces the other.'),
  secretHash: z
    .exactOptional(oneOrTwo(secretHash))
    .describe('Instead of secret: its hash, as "garita secret" prints it.'),
});

/** An OAuth client, decoded into the model's noun: plain secrets do not survive decoding, only their hashes. */
export const client = shape
  .superRefine((value, context) => {
    const secrets = (value.secret?.length ?? 0) + (value.secretHash?.length ?? 0);
    const refuse = (message: string, ...path: string[]) => context.addIssue({ code: 'custom', path, message });
    if (secrets > 2) refuse('at most two secrets at a time, counting secret and secretHash together');
    if (value.type === 'confidential' && secrets === 0) {
      refuse('a confidential client needs a secret or a secretHash: "garita secret" makes both');
    }
    if (value.type === 'public' && secrets > 0) {
      refuse('a public client cannot keep a secret', value.secret ? 'secret' : 'secretHash');
    }
    for (const { message, path } of contradictionsOf(value)) refuse(message, ...path);
  })
  .transform(
    ({ secret: plain = [], secretHash: hashes = [], ...members }): Client => ({
      ...toClient(members),
      secretHashes: [...plain.map(hashSecret), ...hashes],
    }),
  );
