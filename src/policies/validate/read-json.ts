import { isUtf8 } from 'node:buffer';

/** A JSON text that everybody reads alike, or why it is not one. */
export type ReadJson =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly message: string };

/** Deeper than any document that people write. */
const deepest = 64;

/**
 * Reads JSON (RFC 8259) strictly: what two programs could read in two ways is refused, because the one who checks must
 * see what the other one will use. The message says nothing of the values.
 */
export function readJson(bytes: Buffer): ReadJson {
  if (!isUtf8(bytes)) return refuse('must be UTF-8');
  const text = bytes.toString();
  const trap = findTrap(text);
  if (trap !== undefined) return refuse(trap);
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    const position = /at position (\d+)/.exec((error as Error).message)?.[1];
    return refuse(position === undefined ? 'must be JSON' : `must be JSON: it is not at position ${position}`);
  }
}

const refuse = (message: string): ReadJson => ({ ok: false, message });

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const [openList, closeList, openMap, closeMap] = [0x5b, 0x5d, 0x7b, 0x7d];

/** A key that stands twice or would change an object's prototype, or too deep a nesting. Whether it is JSON is not asked. */
function findTrap(text: string): string | undefined {
  // For each open bracket the keys so far; undefined for that of a list.
  const open: (Set<string> | undefined)[] = [];
  let keyIsNext = false;
  for (let i = 0; i < text.length; i += 1) {
    switch (text.charCodeAt(i)) {
      case quote: {
        const end = endOfString(text, i);
        if (keyIsNext) {
          const key = readKey(text.slice(i, end + 1));
          const keys = open.at(-1)!;
          if (key === '__proto__') return 'must not have a key "__proto__"';
          if (keys.has(key)) return `must not have the key ${JSON.stringify(shorten(key))} twice in one object`;
          keys.add(key);
        }
        keyIsNext = false;
        i = end;
        break;
      }
      case openMap:
      case openList:
        keyIsNext = text.charCodeAt(i) === openMap;
        open.push(keyIsNext ? new Set() : undefined);
        if (open.length > deepest) return `must not be nested deeper than ${deepest} levels`;
        break;
      case closeMap:
      case closeList:
        open.pop();
        keyIsNext = false;
        break;
      case comma:
        keyIsNext = open.at(-1) !== undefined;
        break;
    }
  }
  return undefined;
}

/** The index of the quote that ends the string, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes += 1;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

/** A key as it is meant: `"\u0061"` is `"a"`. What is no string will not be JSON either, and is told as that. */
function readKey(written: string): string {
  if (!written.includes('\\')) return written.slice(1, -1);
  try {
    return String(JSON.parse(written));
  } catch {
    return written;
  }
}

const shorten = (key: string): string => (key.length > 40 ? `${key.slice(0, 40)}…` : key);
