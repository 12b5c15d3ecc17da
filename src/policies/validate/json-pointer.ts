/** Takes a JSON Pointer (RFC 6901) apart: keys and indexes from the root. */
export const readPointer = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));

/** Writes keys and indexes as a JSON Pointer (RFC 6901). */
export const writePointer = (path: readonly string[]): string =>
  path.map((key) => `/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
