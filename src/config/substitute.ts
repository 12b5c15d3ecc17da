/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A text with its references replaced. */
export interface Substituted {
  readonly text: string;
  /** Names of the variables whose values are in the text. */
  readonly variables: readonly string[];
  /** Is the text as a whole one reference, answered by the environment and not by its default? */
  readonly whole: boolean;
  /** What could not be replaced; the references concerned stand as written. */
  readonly problems: readonly string[];
}

const reference = /\$\$\{|\$\{(?:([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\})?/g;

/**
 * Replaces `${NAME}` and `${NAME:-default}` (the default also when the variable is empty, as in a shell) from the
 * environment; `$${` stands for `${` itself. Values are taken as they are: a reference in them is not replaced again.
 */
export function substitute(written: string, environment: Environment): Substituted {
  const variables: string[] = [];
  const problems: string[] = [];
  const text = written.replace(reference, (match: string, name?: string, fallback?: string) => {
    if (match === '$${') return '${';
    if (name === undefined) {
      problems.push(`a reference reads \${NAME} or \${NAME:-default}; write $\${ for \${ itself`);
      return match;
    }
    const value = Object.hasOwn(environment, name) ? environment[name] : undefined;
    if (value === undefined || (value === '' && fallback !== undefined)) {
      if (fallback === undefined) problems.push(`the environment variable ${name} is not set`);
      return fallback ?? match;
    }
    variables.push(name);
    return value;
  });
  const whole = variables.length === 1 && written === `\${${variables[0]}}`;
  return { text, variables, whole, problems };
}
