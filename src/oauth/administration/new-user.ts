import * as z from 'zod';
import { expecting } from '../../config/expecting.ts';

/** A text of one form. No pattern: few readers of the schema's JSON form can run those with Unicode properties. */
function visible(form: RegExp, phrase: string) {
  return z.string(expecting(phrase)).refine((value) => form.test(value), expecting(phrase));
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** E-mail addresses are fine. Normalised first: keyboards differ in how they write the same letters (RFC 8265 §3.3). */
const username = z
  .string(expecting('a username'))
  .normalize('NFC')
  .pipe(
    visible(
      /^(?=.*[\p{L}\p{N}])[^\p{C}\p{Z}]{1,100}$/u,
      'a username of 1 to 100 visible characters, with a letter or a digit among them',
    ),
  )
  .refine((name) => !uuid.test(name), { error: 'this looks like the id of a user: choose another username' });

const passwordRule = { error: 'a password has 10 to 256 characters' };

/** The message never begins with "expected": it would go on with what was found. */
export const password = z
  .string(passwordRule)
  .refine((value) => value.length >= 10 && value.length <= 256 && value.isWellFormed(), passwordRule);

const role = visible(/^[^\p{C}\p{Z}]{1,64}$/u, 'the name of a role: 1 to 64 visible characters');

/** The roles of a user, who carries them in each token; one that is named twice counts once. */
export const roles = z
  .array(role, expecting('a list of roles'))
  .max(32, expecting('at most 32 roles'))
  .transform((names) => [...new Set(names)]);

const attributeName = visible(/^[^\p{C}]{1,100}$/u, 'the name of an attribute');
const scalar = z.union([z.string(), z.number(), z.boolean()]);
const values = z.union([scalar, z.array(scalar)]);
const valuePhrase = 'a text, a number, true, false, a list of these, or a map of these';
const maxAttributeBytes = 8_192;

/** They can become claims, and tokens travel with every request: so they are bounded. */
const attributes = z
  .record(
    attributeName,
    z.union([values, z.record(attributeName, values)], expecting(valuePhrase)),
    expecting('attributes and their values'),
  )
  .refine((value) => Buffer.byteLength(JSON.stringify(value)) <= maxAttributeBytes, {
    error: `all attributes together have at most ${maxAttributeBytes} bytes as JSON`,
  });

/** What is said about a new user of the embedded directory. */
export const newUser = z.strictObject({
  username: username.describe(
    'What they sign in with: 1 to 100 visible characters, unique without regard to case. E-mail addresses are fine.',
  ),
  password: password.describe('10 to 256 characters.'),
  roles: roles.prefault([]).describe('Roles, which can decide about scopes and access.'),
  attributes: attributes.prefault({}).describe('Further attributes such as name and email.'),
});
