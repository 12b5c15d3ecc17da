import type * as z from 'zod';
import type { Operator } from '../../oauth/administration/administration.ts';
import type { AdminCode } from './admin-error.ts';

/** A request to an operation, with its parts decoded. */
export interface Call<Query, Body> {
  /** The parameters of the path, by name. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: Query;
  readonly body: Body;
  readonly by: Operator;
}

/** What an operation answers. */
export interface Answer {
  readonly body?: unknown;
  /** `Location` of what was made. */
  readonly location?: string;
}

/** One thing that the admin API does: served, checked and described by the same words. */
export interface Operation {
  /** For generated clients. */
  readonly id: string;
  readonly method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** Below `/admin`, such as `/clients/{id}`. */
  readonly path: string;
  /** One line for people. */
  readonly summary: string;
  readonly query?: z.ZodObject;
  /** The body's schema. It is decoded with it, unless `checkedLater`. */
  readonly body?: z.ZodType;
  /** Whether the body is passed on as it came: the administration checks it itself. */
  readonly checkedLater?: boolean;
  readonly answer: { readonly status: 200 | 201 | 204; readonly schema?: z.ZodType };
  /** Refusals beside those that every operation has. */
  readonly refusals: readonly AdminCode[];
  handle(call: Call<never, never>): Promise<Answer>;
}

/** Ties the types of query and body to their schemas, and forgets them again for the list of all operations. */
export function defineOperation<
  Query extends z.ZodObject = z.ZodObject<Record<never, never>>,
  Body extends z.ZodType = z.ZodUndefined,
>(
  operation: Omit<Operation, 'query' | 'body' | 'handle'> & {
    readonly query?: Query;
    readonly body?: Body;
    readonly handle: (call: Call<z.output<Query>, z.output<Body>>) => Promise<Answer>;
  },
): Operation {
  return operation as Operation;
}
