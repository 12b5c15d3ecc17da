/** Columns by their heads: what stands in each for a row. */
export type Columns<Row> = Readonly<Record<string, (row: Row) => string>>;

/** Rows in aligned columns below their heads, each line with its end. Cells have no control characters left in them. */
export function formatTable<Row>(rows: readonly Row[], columns: Columns<Row>): string {
  const lines = [Object.keys(columns), ...rows.map((row) => Object.values(columns).map((cell) => clean(cell(row))))];
  const widths = Object.keys(columns).map((_, column) => Math.max(...lines.map((line) => line[column]!.length)));
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column]!))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** Callers choose some of what is shown: none of it may move the cursor or turn the text around. */
const clean = (text: string): string => (text === '' ? '-' : text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\uFFFD'));
