import { parseDuration } from '../config/values.ts';
import { UsageError } from './command.ts';

/** A time in seconds since the epoch as ISO 8601 writes it, in local time: `2026-11-21T14:05:09`. */
export function formatTime(seconds: number): string {
  const time = new Date(seconds * 1_000);
  return new Date(time.getTime() - time.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** How far away a time is, both in seconds since the epoch: `in 3 h`, `2 d ago`, `now`. Rounded to one unit. */
export function formatDistance(seconds: number, now: number): string {
  const distance = Math.abs(seconds - now);
  const [unit, length] = units.find(([, least]) => distance >= least) ?? [];
  if (length === undefined) return 'now';
  const amount = `${Math.round(distance / length)} ${unit}`;
  return seconds > now ? `in ${amount}` : `${amount} ago`;
}

/**
 * Reads a time in the past, as an option has it: `2h` before now, or a date with or without a time, local unless it says
 * otherwise. In seconds since the epoch; `now` likewise.
 *
 * @throws UsageError for anything else.
 */
export function readTime(option: string, written: string, now: number): number {
  const ago = parseDuration(written);
  if (ago !== undefined) return Math.max(0, Math.floor(now - ago / 1_000));
  const [, date, clock] = /^(\d{4}-\d\d-\d\d)(?:[T ](.+))?$/.exec(written) ?? [];
  // Without a time of day, Date.parse would take the date as one of UTC.
  const time = date === undefined ? Number.NaN : Date.parse(`${date}T${clock ?? '00:00'}`);
  if (!Number.isNaN(time)) return time / 1_000;
  throw new UsageError(`${option}: expected 2h, 30m, 7d or a time such as 2026-11-21T14:05, got "${written}"`);
}

/**
 * Reads how long something lasts, as an option has it, in seconds.
 *
 * @throws UsageError for what is no duration.
 */
export function readDuration(option: string, written: string): number {
  const milliseconds = parseDuration(written);
  if (milliseconds !== undefined) return Math.ceil(milliseconds / 1_000);
  throw new UsageError(`${option}: expected a duration such as 30m, 24h or 7d, got "${written}"`);
}
