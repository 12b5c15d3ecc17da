import { UsageError } from './command.ts';

/**
 * How many rows a list shall have at most.
 *
 * @throws UsageError for what is no whole number from 1 to 1,000,000.
 */
export function readLimit(written = '100'): number {
  const limit = /^\d{1,7}$/.test(written) ? Number(written) : 0;
  if (limit >= 1 && limit <= 1_000_000) return limit;
  throw new UsageError(`--limit: expected a whole number from 1 to 1000000, got "${written}"`);
}
