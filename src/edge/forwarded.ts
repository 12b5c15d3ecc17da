/** What one proxy says in `Forwarded` of the request that it got (RFC 7239 §5). */
export interface ForwardedElement {
  /** Who sent the request, as it is written: see {@link readNode}. */
  readonly for?: string;
  readonly proto?: string;
  readonly host?: string;
}

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const quoted = '"((?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e\\x80-\\xff]|\\\\[\\t \\x21-\\x7e\\x80-\\xff])*)"';
const pairForm = `(${token})=(?:(${token})|${quoted})`;
const pairs = new RegExp(pairForm, 'g');
const anyPair = pairForm.replaceAll(/(?<!\\)\((?!\?)/g, '(?:');
// A pair ends where something separates it from the next; what is repeated begins in one way only, so that no line takes
// more than one look at each of its characters.
const element = `[ \\t]*(?:((?:${anyPair}(?=[;, \\t]|$)|;)+)[ \\t]*)?(?:,|$)`;

/**
 * The elements of one `Forwarded` line in its order, empty ones left out (RFC 7239 §4). Undefined when any part of the
 * line is malformed: an unclosed quote of a caller could otherwise swallow what a proxy has appended.
 */
export function parseForwarded(line: string): ForwardedElement[] | undefined {
  const elements: ForwardedElement[] = [];
  const next = new RegExp(element, 'y');
  while (next.lastIndex < line.length) {
    const found = next.exec(line);
    if (found === null) return undefined;
    const read = readPairs(found[1] ?? '');
    if (read === undefined) return undefined;
    if (read.size > 0) elements.push(Object.fromEntries(read));
  }
  return elements;
}

/** Each parameter is there once at the most (RFC 7239 §4); its name is not case-sensitive. */
function readPairs(text: string): Map<string, string> | undefined {
  const read = new Map<string, string>();
  for (const [, name, plain, escaped] of text.matchAll(pairs)) {
    const lower = name!.toLowerCase();
    if (read.has(lower)) return undefined;
    read.set(lower, plain ?? escaped!.replace(/\\(.)/g, '$1'));
  }
  return read;
}
