/** What JSON can do beyond what TypeScript knows of it: tell and write texts of numbers (ECMAScript 2026). */
interface ExactJson {
  parse(text: string, revive: (name: string, value: unknown, context: { source?: string }) => unknown): unknown;
  rawJSON(text: string): object;
  isRawJSON(value: unknown): boolean;
}

const exactJson = JSON as unknown as ExactJson;

/** A number that JavaScript cannot hold as it was written: too long, a fraction, an exponent, a negative zero. */
const delicateNumber = /\d{16}|\d[.eE]|-0/;

/**
 * Parses JSON so that writing it again gives every number as it stood, beyond 2^53 too. Throws on bytes that are not
 * UTF-8, and on text that is not JSON.
 */
export function parseJson(bytes: Buffer): unknown {
  const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  if (!delicateNumber.test(text)) return JSON.parse(text);
  return exactJson.parse(text, (_name, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? exactJson.rawJSON(source) : value,
  );
}

/** Whether a value has members or items. */
export const isContainer = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !exactJson.isRawJSON(value);
