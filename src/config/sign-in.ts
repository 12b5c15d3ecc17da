import * as z from 'zod';
import { expecting } from './expecting.ts';
import { duration, text } from './values.ts';
import { weighty } from './weighty.ts';

const seconds = (from: string, to: string) =>
  duration({ from, to }).transform((milliseconds) => Math.ceil(milliseconds / 1_000));

/** How long a browser stays signed in. */
export const sessions = z
  .strictObject({
    idle: seconds('1m', '30d').prefault('8h').describe('Without being used.'),
    max: seconds('1m', '30d').prefault('24h').describe('In any case.'),
  })
  .describe('How long a browser stays signed in to this server.');

/** What the pages look like. */
export const pages = z
  .strictObject({
    name: z
      .string(expecting('a name for people'))
      .min(1, expecting('a name for people'))
      .max(60, expecting('at most 60 characters'))
      .default('Garita')
      .describe('Whose pages these are.'),
    logo: z
      .exactOptional(z.string(expecting('the name of a file')))
      .describe('An SVG, PNG, JPEG or WebP file up to 256 kB; relative to the folder of the configuration file.'),
    accent: text(/^#[0-9a-fA-F]{6}$/, 'a colour such as #0b6e4f')
      .default('#0b6e4f')
      .describe('Colour of buttons and links; adjusted where it could not be read.'),
  })
  .describe('The pages for signing in.');

/** The keys that sign tokens. */
export const keys = z
  .strictObject({
    encryptionKey: z
      .exactOptional(weighty('an encryption key'))
      .describe('Encrypts signing keys in the store. By reference to an environment variable.'),
    rotateEvery: z
      .exactOptional(seconds('1h', '3650d'))
      .describe('A new signing key so often; absent: only by "garita key rotate".'),
  })
  .describe('The keys that sign tokens.');

/** See {@link pages}. */
export type PagesConfig = z.output<typeof pages>;
