import { type Document, isAlias, isMap, isScalar, isSeq, type LineCounter, type Scalar } from 'yaml';
import type * as z from 'zod';
import { decode, type Path, showValue } from './decode.ts';
import { type ConfigProblem, formatPath } from './problem.ts';
import type { Substituted } from './substitute.ts';

/** A configuration's text, remembered after decoding so that later steps report as precisely as the first. */
export interface ConfigSource {
  /** The file as its user named it. */
  readonly file: string;
  /** The folder that files named in it are relative to, as an absolute path. */
  readonly folder: string;
  /** What it says, with references to the environment replaced, before any decoding. */
  readonly value: unknown;
  /**
   * A problem at a path, with its line and column. Where nothing is written at the path, the nearest part around it
   * that is. `at: 'key'` points at the last key instead of its value.
   */
  problem(path: Path, message: string, at?: 'key' | 'value'): ConfigProblem;
  /** Decodes a part at link time, such as the options of a policy, with problems that point into the file. */
  decode<S extends z.ZodType>(schema: S, value: unknown, path: Path): DecodedPart<z.output<S>>;
  /** Is the value at this path nothing but one `${NAME}`, and did the environment answer it? */
  isReference(path: Path): boolean;
}

/** A part that fits its schema, or its problems with their places in the file. */
export type DecodedPart<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

interface Parts {
  readonly file: string;
  readonly folder: string;
  readonly document: Document.Parsed;
  readonly lines: LineCounter;
  readonly value: unknown;
  /** What became of the references in each text. */
  readonly references: ReadonlyMap<Scalar, Substituted>;
}

/** Makes the source of a parsed document. */
export function createSource({ file, folder, document, lines, value, references }: Parts): ConfigSource {
  const problem: ConfigSource['problem'] = (path, message, at = 'value') => {
    const { key, node } = find(document, path);
    const offset = (at === 'key' ? key : undefined) ?? node?.range?.[0] ?? key ?? 0;
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, path: formatPath(path), message };
  };

  const referenceAt = (path: Path): Substituted | undefined => {
    const { node, whole } = find(document, path);
    const target = isAlias(node) ? node.resolve(document) : node;
    return whole && isScalar(target) ? references.get(target) : undefined;
  };

  return {
    file,
    folder,
    value,
    problem,
    decode(schema, part, path) {
      const decoded = decode(schema, part, (below, found) => {
        // Never the value itself: a secret may be among those of the environment.
        const names = referenceAt([...path, ...below])?.variables ?? [];
        return names.length > 0 ? `the value of ${names.map((it) => `\${${it}}`).join(' and ')}` : showValue(found);
      });
      if (decoded.ok) return decoded;
      return { ok: false, problems: decoded.issues.map((it) => problem([...path, ...it.path], it.message, it.at)) };
    },
    isReference: (path) => referenceAt(path)?.whole === true,
  };
}

interface Found {
  /** The last node on the way that is written in the file. */
  readonly node: Document.Parsed['contents'];
  /** Where its key begins, if it has one. */
  readonly key: number | undefined;
  /** Does the path lead to the node, and not only in its direction? */
  readonly whole: boolean;
}

function find(document: Document.Parsed, path: Path): Found {
  let found: Found = { node: document.contents, key: undefined, whole: true };
  for (const step of path) {
    const next = enter(document, found.node, step);
    if (next === undefined) return { ...found, whole: false };
    found = next;
  }
  return found;
}

function enter(document: Document.Parsed, from: Found['node'], step: string | number): Found | undefined {
  const node = isAlias(from) ? from.resolve(document) : from;
  if (isSeq(node)) {
    const item = node.items[Number(step)] as Found['node'] | undefined;
    return item === undefined ? undefined : { node: item, key: undefined, whole: true };
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === String(step));
  if (pair === undefined) return undefined;
  return { node: pair.value as Found['node'], key: (pair.key as Scalar).range?.[0], whole: true };
}
