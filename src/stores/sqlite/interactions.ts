import type { DatabaseSync } from 'node:sqlite';
import type { StoredInteraction } from '../interaction-store.ts';

interface Row {
  readonly id: string;
  readonly browser: string;
  readonly request: string;
  readonly expires_at: number;
}

/** `InteractionStore.create` in SQL. */
export function createInteraction(
  database: DatabaseSync,
  interaction: StoredInteraction,
  keep: number,
  now: number,
): void {
  database.prepare('DELETE FROM interactions WHERE expires_at <= ?').run(now);
  const { lastInsertRowid } = database
    .prepare('INSERT INTO interactions (id, browser, request, expires_at) VALUES (?, ?, ?, ?)')
    .run(interaction.id, interaction.browser, JSON.stringify(interaction.request), interaction.expiresAt);
  // Numbers rise with time, and there are no more rows than numbers.
  database.prepare('DELETE FROM interactions WHERE rowid <= ?').run(Number(lastInsertRowid) - keep);
}

/** `InteractionStore.find` in SQL. */
export function findInteraction(
  database: DatabaseSync,
  id: string,
  browser: string,
  now: number,
): StoredInteraction | undefined {
  const row = database
    .prepare('SELECT * FROM interactions WHERE id = ? AND browser = ? AND expires_at > ?')
    .get(id, browser, now);
  return row && toInteraction(row as unknown as Row);
}

/** `InteractionStore.take` in SQL. */
export function takeInteraction(
  database: DatabaseSync,
  id: string,
  browser: string,
  now: number,
): StoredInteraction | undefined {
  const row = database
    .prepare('DELETE FROM interactions WHERE id = ? AND browser = ? AND expires_at > ? RETURNING *')
    .get(id, browser, now);
  return row && toInteraction(row as unknown as Row);
}

const toInteraction = (row: Row): StoredInteraction => ({
  id: row.id,
  browser: row.browser,
  request: JSON.parse(row.request) as Record<string, string>,
  expiresAt: row.expires_at,
});
