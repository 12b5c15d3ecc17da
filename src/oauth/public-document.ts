import { hash } from 'node:crypto';
import type { Endpoint } from './endpoint.ts';

/**
 * A JSON document that anyone may read, scripts of every origin included, and keep for ten minutes; `If-None-Match`
 * spares sending it again.
 */
export function publicDocument(read: () => object): Endpoint {
  return {
    methods: ['GET', 'HEAD'],
    handle(_req, res) {
      const body = JSON.stringify(read());
      res.set({
        'Cache-Control': 'public, max-age=600',
        'Content-Type': 'application/json',
        'Access-Control-Allow-Origin': '*',
        ETag: `"${hash('sha256', body, 'base64url')}"`,
      });
      res.send(body);
    },
  };
}
