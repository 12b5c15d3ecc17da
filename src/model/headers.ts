/**
 * Header fields as they stood on the wire: name, value, name, value, in order, duplicates and case kept.
 * Node calls this shape `rawHeaders`; undici and `writeHead` take it as it is.
 */
export type HeaderList = readonly string[];

/** Makes other header fields of some; what it is given stays as it is. */
export type HeaderEdit = (headers: HeaderList) => HeaderList;

/** The first value of a field, or undefined. `name` in lower case. */
export function headerOf(headers: HeaderList, name: string): string | undefined {
  for (let i = 0; i < headers.length; i += 2) {
    const candidate = headers[i]!;
    if (candidate.length === name.length && candidate.toLowerCase() === name) return headers[i + 1];
  }
  return undefined;
}

/** Every value of a field, in order. `name` in lower case. */
export function headersOf(headers: HeaderList, name: string): string[] {
  const values: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    const candidate = headers[i]!;
    if (candidate.length === name.length && candidate.toLowerCase() === name) values.push(headers[i + 1]!);
  }
  return values;
}

/** The members of a comma-separated field over all its lines, trimmed, empty ones dropped (RFC 9110 §5.6.1). */
export function listMembers(headers: HeaderList, name: string): readonly string[] {
  // Most messages lack most fields, and this is asked of every one of them.
  if (headerOf(headers, name) === undefined) return none;
  return headersOf(headers, name)
    .flatMap((value) => value.split(','))
    .map((member) => member.trim())
    .filter((member) => member !== '');
}

const none: readonly string[] = Object.freeze([]);

/** All fields but some, whose names stand in lower case. */
export function without(headers: HeaderList, names: readonly string[]): HeaderList {
  const left: string[] = [];
  for (let i = 0; i < headers.length; i += 2) {
    if (!names.includes(headers[i]!.toLowerCase())) left.push(headers[i]!, headers[i + 1]!);
  }
  return left;
}
