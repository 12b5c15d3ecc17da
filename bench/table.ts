import type { CoreUsage } from './readings.ts';

/** Lines of equally many cells as a table for a terminal, which is Markdown too; the first two columns are names. */
export function formatTable(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...lines].map((line) => line[column]!.length)));
  const align = (line: readonly string[]) =>
    `| ${line.map((cell, at) => (at < 2 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))).join(' | ')} |`;
  const rule = `|${widths.map((width, at) => (at < 2 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [align(head), rule, ...lines.map(align)].join('\n');
}

/** What the marks of {@link describeCores} mean, as far as there are any. */
export function explainMarks(rows: readonly { readonly cores?: CoreUsage | null }[]): string {
  const any = (test: (cores: CoreUsage) => boolean) => rows.some(({ cores }) => cores && test(cores));
  return [
    any(isDisturbed)
      ? '\n\n! other programs used more than 5% of these cores meanwhile: repeat it when they do not.'
      : '',
    any(isLimitedByLoad)
      ? '\n\n* the server had time left, or the load had none: the server can do at least this much.'
      : '',
  ].join('');
}

/** How busy both cores were, with marks where the figure beside it is not only the server's. */
export function describeCores(cores: CoreUsage | null | undefined): string {
  if (!cores) return '?';
  const percent = (share: number) => `${Math.round(share * 100)}%`;
  const marks = [isDisturbed(cores) && '!', isLimitedByLoad(cores) && '*'].filter(Boolean);
  return [`${percent(cores.server)}/${percent(cores.load)}`, ...marks].join(' ');
}

/** Names each group of rows once, in its first row. */
export function nameOnce(names: readonly string[]): string[] {
  return names.map((name, index) => (name === names[index - 1] ? '' : name));
}

function isDisturbed({ foreign }: CoreUsage): boolean {
  return foreign > 0.05;
}

function isLimitedByLoad({ server, load }: CoreUsage): boolean {
  return server < 0.9 || load > 0.97;
}
