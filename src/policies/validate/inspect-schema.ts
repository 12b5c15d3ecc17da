import { LinearPattern } from './linear-pattern.ts';

/** Something wrong with a schema, and where in it. */
export interface SchemaProblem {
  readonly path: readonly string[];
  readonly message: string;
}

/** A schema that is an object, as nearly all are. */
export type Schema = Readonly<Record<string, unknown>>;

const oneSchema = [
  ...['additionalProperties', 'items', 'contains', 'propertyNames', 'not', 'if', 'then', 'else'],
  ...['unevaluatedItems', 'unevaluatedProperties', 'contentSchema'],
];
const manySchemas = [
  ...['prefixItems', 'allOf', 'anyOf', 'oneOf'],
  ...['properties', 'patternProperties', 'dependentSchemas', '$defs', 'definitions'],
];

/** Every item is compared with every other one: more of them would hold up everybody else. */
const mostUniqueItems = 1000;

/** Visits a schema and all schemas in it, with the way to each. */
export function visitSchemas(schema: unknown, visit: (part: Schema, path: readonly string[]) => void): void {
  const go = (part: unknown, path: readonly string[]): void => {
    if (typeof part !== 'object' || part === null) return;
    visit(part as Schema, path);
    for (const keyword of oneSchema) go((part as Schema)[keyword], [...path, keyword]);
    for (const keyword of manySchemas) {
      const parts = (part as Schema)[keyword] ?? {};
      for (const [key, below] of Object.entries(parts)) go(below, [...path, keyword, key]);
    }
  };
  go(schema, []);
}

/**
 * What is wrong with a schema that its own schema lets pass: keywords that nobody knows, expressions that cannot be read
 * in linear time, comparisons without end.
 */
export function inspectSchema(schema: unknown, isKeyword: (name: string) => boolean): readonly SchemaProblem[] {
  const problems: SchemaProblem[] = [];
  visitSchemas(schema, (part, path) => {
    const complain = (below: readonly string[], message: string): void =>
      void problems.push({ path: [...path, ...below], message });
    for (const keyword of Object.keys(part)) {
      if (keyword === '$async' || !isKeyword(keyword))
        complain([keyword], `there is no keyword "${keyword}" in JSON Schema`);
    }
    if (part.uniqueItems === true && !(Number(part.maxItems) <= mostUniqueItems)) {
      complain(['uniqueItems'], `each item is compared with each: say maxItems, ${mostUniqueItems} at the most`);
    }
    if (typeof part.pattern === 'string') checkPattern(part.pattern, (message) => complain(['pattern'], message));
    for (const pattern of Object.keys(part.patternProperties ?? {})) {
      checkPattern(pattern, (message) => complain(['patternProperties', pattern], message));
    }
  });
  return problems;
}

function checkPattern(source: string, complain: (message: string) => void): void {
  try {
    new LinearPattern(source);
  } catch (error) {
    complain(`not an RE2 expression: ${(error as Error).message}`);
  }
}
