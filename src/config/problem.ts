/** One thing that is wrong with a configuration, and where. */
export interface ConfigProblem {
  /** The file as its user named it. */
  readonly file: string;
  /** From 1; 0 when the problem is the file as a whole. */
  readonly line: number;
  readonly column: number;
  /** Such as `routes[0].match.path`; empty for the document as a whole. */
  readonly path: string;
  readonly message: string;
}

/** A configuration that cannot be used. The message lists every problem, ready to be shown. */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(formatProblems(problems));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

/**
 * One line a problem, in the order of the file, and how many there are: `garita.yaml:12:5  routes[0].id  expected …`.
 * A problem of the file as a whole is alone and is not counted.
 */
export function formatProblems(problems: readonly ConfigProblem[]): string {
  const sorted = [...problems].sort((a, b) => a.line - b.line || a.column - b.column);
  const lines = sorted.map(formatProblem);
  if (sorted[0]?.line === 0) return lines.join('\n');
  return [...lines, `${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`].join('\n');
}

/** One problem as a line without its end. */
export function formatProblem({ file, line, column, path, message }: ConfigProblem): string {
  if (line === 0) return `${file}: ${message}`;
  const place = `${file}:${line}:${column}`;
  return path === '' ? `${place}  ${message}` : `${place}  ${path}  ${message}`;
}

/** Writes a path as people read it: `routes[0].match.path`, `oauth.scopes["customers:read"]`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.reduce<string>((written, key) => {
    if (/^\d+$/.test(String(key))) return `${written}[${key}]`;
    if (!/^[\w$-]+$/.test(String(key))) return `${written}[${JSON.stringify(key)}]`;
    return written === '' ? String(key) : `${written}.${key}`;
  }, '');
}
