/** A path such as `/a/{id}/b/*`, taken apart. */
export interface PathTemplate {
  /** In order. A literal stands as written: percent-encoded, without slashes; a final empty one is a trailing slash. */
  readonly segments: readonly PathSegment[];
  /** Names of the parameters, in order. */
  readonly parameters: readonly string[];
  /** Does it end in `/*`, which takes the rest of the path? The asterisk is not among the segments. */
  readonly wildcard: boolean;
}

/** What stands between two slashes. */
export type PathSegment = { readonly literal: string } | { readonly parameter: string };

const literalForm = /^(?:[A-Za-z0-9._~!$&'()+,;=:@-]|%[0-9A-F]{2})*$/;
const needlessEscape = /%(?:2[DE]|3\d|4[1-9A-F]|5[0-9AF]|6[1-9A-F]|7[0-9AE])/;

/**
 * Reads a path template, or says in a text what is wrong with it. Literals must be in the canonical form of RFC 3986
 * §6.2.2, because that is what they are compared with: anything else could never match.
 */
export function parsePathTemplate(written: string): PathTemplate | string {
  if (!written.startsWith('/')) return 'expected a path that begins with a slash';
  const parts = written.slice(1).split('/');
  const wildcard = parts.at(-1) === '*';
  if (wildcard) parts.pop();

  const segments: PathSegment[] = [];
  const parameters: string[] = [];
  for (const [index, part] of parts.entries()) {
    const parameter = /^\{([A-Za-z_][A-Za-z0-9_]*)\}$/.exec(part)?.[1];
    if (parameter === '__proto__') return 'a parameter cannot be called __proto__';
    if (parameter !== undefined) {
      segments.push({ parameter });
      parameters.push(parameter);
      continue;
    }
    const wrong = checkLiteral(part, wildcard || index < parts.length - 1);
    if (wrong !== undefined) return wrong;
    segments.push({ literal: part });
  }
  return { segments, parameters, wildcard };
}

function checkLiteral(part: string, inside: boolean): string | undefined {
  if (part === '' && inside) return 'a path has no empty segments: Garita merges double slashes before it matches';
  if (part === '.' || part === '..') return `a path has no ${part} segments: Garita resolves them before it matches`;
  if (part.includes('*')) return 'a * stands only for the whole last segment, as in /customers/*';
  if (/[{}]/.test(part)) return `a parameter is a whole segment with a plain name, as in /{id}/: ${part}`;
  if (/[?#]/.test(part)) return 'a path has no ? and no #: conditions on the query stand under query';
  if (!literalForm.test(part)) return `write other characters percent-encoded, in upper-case hex digits: ${part}`;
  if (needlessEscape.test(part))
    return `write this character itself, not its escape: ${needlessEscape.exec(part)?.[0]}`;
  return undefined;
}
