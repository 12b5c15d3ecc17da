import type { DatabaseSync } from 'node:sqlite';
import { createFirstKey, listKeys } from './keys.ts';
import { appendRevocation, listLiveRevocations } from './revocations.ts';

/** Everything that the main thread may ask of the database, by name. Each runs inside a transaction. */
export const verbs = {
  'keys.list': listKeys,
  'keys.createFirst': createFirstKey,
  'revocations.append': appendRevocation,
  'revocations.live': listLiveRevocations,
} as const;

/** The name of a verb. */
export type Verb = keyof typeof verbs;

/** What a verb takes besides the database. */
export type VerbInput<V extends Verb> =
  Parameters<(typeof verbs)[V]> extends [DatabaseSync, ...infer Input] ? Input : never;

/** What a verb gives. */
export type VerbOutput<V extends Verb> = ReturnType<(typeof verbs)[V]>;
