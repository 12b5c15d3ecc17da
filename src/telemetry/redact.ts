const secretName =
  /token|secret|password|passwd|authorization|cookie|credential|assertion|verifier|^code$|private|key$/i;
const mask = '[redacted]';

/**
 * A copy of log fields without secrets: values under a telling name are masked at any depth, and errors become their
 * name, message, code and causes. Depth and length are bounded, so that a log line stays a line.
 */
export function redact(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, secretName.test(name) ? mask : redactValue(value, 0)]),
  );
}

function redactValue(value: unknown, depth: number): unknown {
  if (Error.isError(value)) return depth > 4 ? redactText(value.message) : describeError(value, depth);
  if (typeof value === 'string') return redactText(value);
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 4) return '[deep]';
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => redactValue(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, secretName.test(name) ? mask : redactValue(inner, depth + 1)]),
  );
}

function describeError(error: Error, depth: number): Record<string, unknown> {
  const code = (error as { code?: unknown }).code;
  return {
    name: error.name,
    message: redactText(error.message),
    ...(typeof code === 'string' ? { code } : {}),
    ...(error.cause === undefined ? {} : { cause: redactValue(error.cause, depth + 1) }),
    ...(depth === 0 && error.stack !== undefined ? { stack: redactText(error.stack) } : {}),
  };
}

/** A text without JWTs and Authorization values, which library messages may quote; cut where it is very long. */
export const redactText = (text: string): string =>
  (text.length > 2000 ? `${text.slice(0, 2000)}…` : text)
    .replace(/\beyJ[\w-]*\.[\w-]+\.[\w-]*/g, mask)
    .replace(/\b(Bearer|Basic)\s+[\w.~+/=-]+/gi, (_, scheme: string) => `${scheme} ${mask}`);
