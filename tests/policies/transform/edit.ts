import type { Edits } from '../../../src/policies/transform/edits.ts';
import { parseValueTemplate } from '../../../src/policies/transform/value-template.ts';

/** Edits as they are decoded. */
export function edit({
  remove = [],
  rename = {},
  set = {},
  add = {},
}: {
  readonly remove?: readonly string[];
  readonly rename?: Readonly<Record<string, string>>;
  readonly set?: Readonly<Record<string, string>>;
  readonly add?: Readonly<Record<string, string>>;
}): Edits {
  const values = (written: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(written).map(([name, value]) => [name, parseValueTemplate(value)!]));
  return { remove, rename, set: values(set), add: values(add) };
}
