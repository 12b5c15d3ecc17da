/** Names from the outermost field inwards; null stands for any name. */
export type FieldPath = readonly (string | null)[];

/**
 * Reads a field by the names that lead to it, with dots between them: `customer.address.city`. `*` is any name, and a
 * backslash takes the meaning from the character after it. Undefined for what is no such path.
 */
export function parseFieldPath(written: string): FieldPath | undefined {
  const names = written.match(/(?:\\.|[^.\\])+/gs) ?? [];
  if (names.length === 0 || names.join('.') !== written) return undefined;
  return names.map((name) => (name === '*' ? null : name.replace(/\\(.)/gs, '$1')));
}

/** A field by its path, with the text that belongs to it. */
export interface ChosenField {
  readonly path: FieldPath;
  readonly text: string;
}

/** What is chosen among the fields of an object, and below each of them. */
export interface Choice {
  /** The text of the path that ends here; undefined when only longer paths lead through. */
  readonly text: string | undefined;
  of(name: string): Choice | undefined;
}

/** Compiles paths for walking down a document. Of several that end at one field the first one counts. */
export function compileChoice(fields: readonly ChosenField[]): Choice {
  const below = (fits: (name: string | null) => boolean): Choice | undefined => {
    const inner = fields.filter(({ path: [name] }) => name !== undefined && fits(name));
    if (inner.length === 0) return undefined;
    return compileChoice(inner.map(({ path, text }) => ({ path: path.slice(1), text })));
  };
  const names = new Set(fields.flatMap(({ path }) => path[0] ?? []));
  const named = new Map([...names].map((name) => [name, below((other) => other === name || other === null)]));
  const others = below((name) => name === null);
  return {
    text: fields.find(({ path }) => path.length === 0)?.text,
    of: (name) => (named.has(name) ? named.get(name) : others),
  };
}
