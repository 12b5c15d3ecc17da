import type { Surroundings } from './command.ts';
import { formatJson } from './format-json.ts';
import { type Columns, formatTable } from './table.ts';

interface ListContext extends Pick<Surroundings, 'stdout' | 'stderr'> {
  readonly values: { readonly json: boolean };
}

/** Prints the first `limit` rows as a table or as JSON. Any more rows are only mentioned, on stderr. */
export function printList<Row>(
  { stdout, stderr, values }: ListContext,
  rows: readonly Row[],
  columns: Columns<Row>,
  limit = rows.length,
): void {
  const shown = rows.slice(0, limit);
  stdout.write(values.json ? formatJson(shown) : formatTable(shown, columns));
  if (rows.length > limit) stderr.write(`there are more than the ${limit} shown here: see --limit\n`);
}
