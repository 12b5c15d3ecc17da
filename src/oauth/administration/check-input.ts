import type * as z from 'zod';
import { decode, type Path, showValue } from '../../config/decode.ts';
import { formatPath } from '../../config/problem.ts';
import { AdministrationError } from './administration.ts';

/**
 * Decodes what an operator sent.
 *
 * @param noun what it is, for the message: `client`
 * @throws AdministrationError with everything that is wrong with it, by path.
 */
export function checkInput<S extends z.ZodType>(noun: string, schema: S, input: unknown): z.output<S> {
  const decoded = decode(schema, input, describe);
  if (decoded.ok) return decoded.value;
  const fields = decoded.issues.map(({ path, message }) => [formatPath(path), message]);
  throw invalid(noun, Object.fromEntries(fields));
}

/** What is refused because of these fields, by path; an empty path is the input as a whole. */
export function invalid(noun: string, fields: Readonly<Record<string, string>>): AdministrationError {
  const listed = Object.entries(fields).map(([path, message]) => (path === '' ? message : `${path}: ${message}`));
  return new AdministrationError('invalid', `the ${noun} cannot be taken: ${listed.join('; ')}`, fields);
}

/** A text in the place of the whole may be anything, a password too: it is not repeated. */
const describe = (path: Path, found: unknown): string =>
  path.length === 0 && typeof found === 'string' ? 'a text' : showValue(found);
