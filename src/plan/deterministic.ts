/** A piece of an expression: one of these characters, so many times. */
interface Piece {
  readonly characters: ReadonlySet<number>;
  readonly least: number;
  readonly most: number;
}

const ascii = Array.from({ length: 128 }, (_, code) => code);
const digits = ascii.filter((code) => /\d/.test(String.fromCharCode(code)));
const word = ascii.filter((code) => /\w/.test(String.fromCharCode(code)));

/**
 * Whether a backtracking engine reads visible ASCII text by this expression in linear time, because at no point there are two
 * ways to go on: a sequence of characters and classes in which what may repeat never shares a character with what may
 * follow it. Such expressions mean the same to RE2 and to JavaScript. Says false where it is not certain.
 */
export function isDeterministic(source: string): boolean {
  const pieces = readPieces(source);
  return (
    pieces?.every((piece, index) => piece.least === piece.most || !mayContinue(piece, pieces.slice(index + 1))) ?? false
  );
}

/** Whether what follows can begin with a character that the piece itself would take. */
function mayContinue(piece: Piece, following: readonly Piece[]): boolean {
  for (const next of following) {
    if (!piece.characters.isDisjointFrom(next.characters)) return true;
    if (next.least > 0) return false;
  }
  return false;
}

const opening = /^\((?:\?<[A-Za-z_]\w*>|\?:)?/;
const quantifier = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})/;
// Not "[^]", nor a dash after a shorthand: there the engines disagree about what is in the class.
const characterClass = /^\[(?!\^\])(\^?)((?:\\[dw](?!-)|\\[^A-Za-z0-9]|[^\\[\]])+)\]/;
const classMember = /\\([dw])|(\\?.)-(\\?.)|\\?(.)/gs;

/** Undefined for everything but anchors, characters, classes, their quantifiers and groups without a quantifier. */
function readPieces(source: string): Piece[] | undefined {
  if (!source.startsWith('^') || !source.endsWith('$')) return undefined;
  const pieces: Piece[] = [];
  let rest = source.slice(1, -1);
  let depth = 0;
  while (rest !== '') {
    const open = opening.exec(rest)?.[0];
    if (open !== undefined || rest.startsWith(')')) {
      depth += open === undefined ? -1 : 1;
      rest = rest.slice(open?.length ?? 1);
      if (depth < 0 || (open === undefined && quantifier.test(rest))) return undefined;
      continue;
    }
    const read = readCharacters(rest);
    if (read === undefined) return undefined;
    rest = rest.slice(read.length);
    const [written = '', exactly, comma, upTo] = quantifier.exec(rest) ?? [];
    rest = rest.slice(written.length);
    if (/^[*+?{]/.test(rest)) return undefined;
    pieces.push({ characters: new Set(read.characters), ...bounds(written, exactly, comma, upTo) });
  }
  return depth === 0 ? pieces : undefined;
}

function bounds(written: string, exactly = '', comma?: string, upTo = ''): { least: number; most: number } {
  if (written === '') return { least: 1, most: 1 };
  if (exactly === '') return { least: written === '+' ? 1 : 0, most: written === '?' ? 1 : Number.POSITIVE_INFINITY };
  if (comma === undefined) return { least: Number(exactly), most: Number(exactly) };
  return { least: Number(exactly), most: upTo === '' ? Number.POSITIVE_INFINITY : Number(upTo) };
}

function readCharacters(rest: string): { characters: readonly number[]; length: number } | undefined {
  if (rest.startsWith('.')) return { characters: ascii, length: 1 };
  if (rest.startsWith('\\d')) return { characters: digits, length: 2 };
  if (rest.startsWith('\\w')) return { characters: word, length: 2 };
  const literal = /^(?:[A-Za-z0-9/_~!&',;=:@%<>"` -]|\\[^A-Za-z0-9])/.exec(rest)?.[0];
  if (literal !== undefined) return { characters: [literal.charCodeAt(literal.length - 1)], length: literal.length };
  const [whole, negated, inside] = characterClass.exec(rest) ?? [];
  if (whole === undefined || inside === undefined) return undefined;
  const members = new Set(Array.from(inside.matchAll(classMember), readMember).flat());
  return {
    characters: negated === '^' ? ascii.filter((code) => !members.has(code)) : [...members],
    length: whole.length,
  };
}

function readMember([, shorthand, from, to, single]: RegExpMatchArray): readonly number[] {
  if (shorthand !== undefined) return shorthand === 'd' ? digits : word;
  const first = codeOf(single ?? from!);
  const last = codeOf(single ?? to!);
  return ascii.filter((code) => code >= first && code <= last);
}

const codeOf = (written: string): number => written.charCodeAt(written.length - 1);
