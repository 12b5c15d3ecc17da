import { readFileSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { jsonReply, taggedReply } from './reply.ts';
import type { Routes } from './router.ts';

/** The routes by which a service tells about itself: whether it works, and its OpenAPI description. */
export function aboutRoutes(instance: string, db: DatabaseSync, openapi: URL): Routes {
  const readDatabase = db.prepare('SELECT count(*) FROM sqlite_schema');
  const description = taggedReply(JSON.parse(readFileSync(openapi, 'utf8')), { 'Cache-Control': 'no-cache' });

  return {
    '/health': {
      GET: () => {
        readDatabase.get();
        return jsonReply({ status: 'ok', instance }, { 'Cache-Control': 'no-store' });
      },
    },
    '/openapi.json': { GET: () => description },
  };
}
