import type { Verb } from './verbs.ts';

/** From the main thread: one call of a verb. */
export interface CallMessage {
  readonly id: number;
  readonly verb: Verb;
  readonly input: readonly unknown[];
}

/** From the main thread: finish, close the file and end. */
export type CloseMessage = 'close';

/** What became of one call. */
export type Answer = { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string };

/** Why the database is not open: for the operator. */
export interface Refusal {
  readonly refused: string;
  readonly inUse: boolean;
}

/** From the worker: first whether the database is open, then answers, a group at a time. */
export type WorkerMessage = { readonly opened: true } | Refusal | { readonly answers: Answer[] };
