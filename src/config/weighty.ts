import * as z from 'zod';
import { demoSecretPrefix } from './client.ts';

/**
 * A secret that is worth guessing at: long, except for the demo's. Where it may stand is checked by `checkSecrets`.
 * `noun` with its article, for the message.
 */
export const weighty = (noun: string) =>
  z.string(`expected ${noun}`).refine((value) => value.length >= 32 || value.startsWith(demoSecretPrefix), {
    error: `${noun} has at least 32 characters: "garita secret" makes a good one`,
    abort: true,
  });
