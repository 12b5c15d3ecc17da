import { type Choice, type ChosenField, compileChoice, type FieldPath } from './field-path.ts';
import { isContainer } from './json-text.ts';

/** What a match captured. */
type Params = Readonly<Record<string, string>>;

/** What is done to a document, in this order. */
export interface ShapeOptions {
  /** All other fields go; an empty list keeps all. */
  readonly keep: readonly FieldPath[];
  readonly drop: readonly FieldPath[];
  /** Fields, by their paths before any of them is renamed, with their new names. */
  readonly rename: readonly ChosenField[];
  /** Fields with their values, whatever they had. */
  readonly set: readonly { readonly path: readonly string[]; readonly fill: (params: Params) => unknown }[];
  /** Name of the one field of an object that holds the document then. */
  readonly envelope: string | undefined;
}

/** Brings a parsed document to another form. */
export type Shape = (document: unknown, params: Params) => unknown;

/** Compiles a shape. Paths go through lists: a name counts for each of their items. */
export function compileShape({ keep, drop, rename, set, envelope }: ShapeOptions): Shape {
  const kept = keep.length === 0 ? undefined : choose(keep);
  const dropped = choose(drop);
  const renamed = compileChoice(rename);
  return (document, params) => {
    const chosen = kept === undefined ? document : (keepOnly(document, kept) ?? null);
    const named = renameFields(dropFields(chosen, dropped), renamed);
    const whole = set.reduce((value, { path, fill }) => setField(value, path, fill(params)), named);
    return envelope === undefined ? whole : Object.fromEntries([[envelope, whole]]);
  };
}

const choose = (paths: readonly FieldPath[]): Choice => compileChoice(paths.map((path) => ({ path, text: '' })));

/** Undefined when nothing of a value is kept, because it is a plain one where fields were named. */
function keepOnly(value: unknown, choice: Choice | undefined): unknown {
  if (choice === undefined) return undefined;
  if (choice.text !== undefined) return value;
  if (!isContainer(value)) return undefined;
  if (Array.isArray(value)) return value.map((item) => keepOnly(item, choice)).filter((item) => item !== undefined);
  const entries = Object.entries(value).map(([name, member]) => [name, keepOnly(member, choice.of(name))] as const);
  return Object.fromEntries(entries.filter(([, member]) => member !== undefined));
}

function dropFields(value: unknown, choice: Choice | undefined): unknown {
  if (choice === undefined || !isContainer(value)) return value;
  if (Array.isArray(value)) return value.map((item) => dropFields(item, choice));
  const entries = Object.entries(value).filter(([name]) => choice.of(name)?.text === undefined);
  return Object.fromEntries(entries.map(([name, member]) => [name, dropFields(member, choice.of(name))]));
}

/** A field that gets a name which another one has takes its place. */
function renameFields(value: unknown, choice: Choice | undefined): unknown {
  if (choice === undefined || !isContainer(value)) return value;
  if (Array.isArray(value)) return value.map((item) => renameFields(item, choice));
  const entries = Object.entries(value).map(([name, member]) => {
    const below = choice.of(name);
    return { name: below?.text, old: name, member: renameFields(member, below) };
  });
  const taken = new Set(entries.flatMap(({ name }) => name ?? []));
  const left = entries.filter(({ name, old }) => name !== undefined || !taken.has(old));
  return Object.fromEntries(left.map(({ name, old, member }) => [name ?? old, member]));
}

/** Objects on the way that are not there are made; a plain value on the way stays, and has no fields. */
function setField(value: unknown, [name, ...below]: readonly string[], content: unknown): unknown {
  if (name === undefined) return content;
  if (!isContainer(value)) return value;
  if (Array.isArray(value)) return value.map((item) => setField(item, [name, ...below], content));
  const member = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : {};
  const entries = Object.entries(value).filter(([other]) => other !== name);
  return Object.fromEntries([...entries, [name, setField(member, below, content)]]);
}
