import { type Document, isScalar, isSeq, LineCounter, parseDocument, type Scalar, visit, type YAMLError } from 'yaml';
import { type ConfigProblem, formatPath } from './problem.ts';
import { type ConfigSource, createSource } from './source.ts';
import { type Environment, type Substituted, substitute } from './substitute.ts';

/** What became of a text. `usable` is false when its syntax is so broken that its content means nothing. */
export interface ParsedSource {
  readonly source: ConfigSource;
  readonly problems: readonly ConfigProblem[];
  readonly usable: boolean;
}

/** More aliases than this, counted with what they expand to, is an attack or an accident. */
const maxAliasCount = 1_000;

/**
 * Reads one YAML document, with references to the environment replaced in all values (keys stand as they are).
 * @param folder absolute: what files named in the document are relative to
 */
export function parseSource(text: string, file: string, folder: string, environment: Environment): ParsedSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, stringKeys: true });
  const place = (offset: number, message: string, path = ''): ConfigProblem => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col, path, message };
  };

  // A second syntax error is nearly always an echo of the first.
  const mistakes = [...document.errors, ...document.warnings];
  const broken = mistakes.find(({ code }) => code !== 'DUPLICATE_KEY');
  const twice = mistakes.filter(({ code }) => code === 'DUPLICATE_KEY');
  const problems = [...twice, ...(broken ? [broken] : [])].map((it) => place(it.pos[0], explain(it, text)));

  const references = new Map<Scalar, Substituted>();
  visit(document, {
    Alias(_, alias, ancestors) {
      const target = alias.resolve(document);
      if (target === undefined || !ancestors.includes(target)) return;
      problems.push(place(alias.range?.[0] ?? 0, `the alias *${alias.source} is inside of what it stands for`));
      return visit.REMOVE;
    },
    Scalar(key, scalar, ancestors) {
      if (key === 'key' || typeof scalar.value !== 'string') return;
      const replaced = substitute(scalar.value, environment);
      const path = formatPath(pathOf(ancestors, key));
      for (const message of replaced.problems) problems.push(place(scalar.range?.[0] ?? 0, message, path));
      references.set(scalar, replaced);
      const plain = scalar.type === 'PLAIN' && isOneReference(scalar.value);
      scalar.value = plain ? readPlainScalar(replaced.text) : replaced.text;
    },
  });

  const value = toValue(document, (message) => problems.push(place(0, message)));
  const source = createSource({ file, folder, document, lines, value, references });
  return { source, problems, usable: broken === undefined };
}

function toValue(document: Document.Parsed, report: (message: string) => void): unknown {
  try {
    return document.toJS({ maxAliasCount });
  } catch {
    report(`the aliases of this file expand to more than ${maxAliasCount} values: write them out`);
    return null;
  }
}

function explain({ code, message, pos }: YAMLError, text: string): string {
  if (code === 'DUPLICATE_KEY') {
    const key = /^(["']?)(.*?)\1\s*:/.exec(text.slice(pos[0]))?.[2];
    return `the key "${key}" stands twice in the same map`;
  }
  if (code === 'MULTIPLE_DOCS') return 'a configuration is one document: another one begins here';
  const atReference = text.slice(pos[0] - 1, pos[0] + 1) === '${';
  if (atReference) return `inside of { } and [ ], a reference stands in quotes: "\${NAME}"`;
  return `not valid YAML: ${message}`;
}

const isOneReference = (written: string): boolean => /^\$\{[^}]*\}$/.test(written);

/**
 * A value from the environment where YAML would read a number or a boolean. A number only if it is written in the one
 * way that gives the same text back, so that a long secret of digits stays the text that it is.
 */
function readPlainScalar(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?\d/.test(text) && String(Number(text)) === text ? Number(text) : text;
}

/** The path of a scalar, from the nodes that lead to it. */
function pathOf(ancestors: readonly unknown[], key: unknown): (string | number)[] {
  return ancestors.flatMap<string | number>((ancestor, depth) => {
    const node = ancestor as { key?: unknown; items?: readonly unknown[] };
    if (isScalar(node.key)) return [String(node.key.value)];
    const next = ancestors[depth + 1];
    const index = next === undefined ? key : node.items?.indexOf(next);
    return typeof index === 'number' && isSeq(node) ? [index] : [];
  });
}
