/** A part of a statement, and what is bound to it. */
export interface Where {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/**
 * The clause of those conditions that have a value: a statement with nothing but what is asked for finds its index.
 *
 * @param conditions - by their SQL, with one `?` each: `{ 'subject = ?': 'u1', 'at >= ?': undefined }`.
 */
export function where(conditions: Readonly<Record<string, string | number | undefined>>): Where {
  const given = Object.entries(conditions).filter(
    (entry): entry is [string, string | number] => entry[1] !== undefined,
  );
  return {
    sql: given.length === 0 ? '' : `WHERE ${given.map(([sql]) => sql).join(' AND ')}`,
    values: given.map(([, value]) => value),
  };
}
