import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { isBusy } from './database.ts';
import { namesTag } from './entity-tag.ts';
import { Problem } from './problem.ts';
import { problemReply } from './problem-reply.ts';
import type { Reply } from './reply.ts';
import { createRouter, type Routes } from './router.ts';

/**
 * Serves routes: problems become problem replies, unexpected errors a 500 and a line on stderr, never a crash. While
 * `isStopping`, each reply is the last one of its connection.
 */
export function createListener(instance: string, routes: Routes, isStopping: () => boolean): RequestListener {
  const route = createRouter(routes);

  const answer = async (request: IncomingMessage): Promise<Reply> => {
    try {
      return await route(request);
    } catch (error) {
      if (error instanceof Problem) return problemReply(error);
      console.error(`${instance}: ${request.method} ${request.url} failed:`, error);
      return problemReply(isBusy(error) ? busy() : new Problem(500, 'The service failed. It is not your request.'));
    }
  };

  return async (request, response) => {
    const reply = await answer(request);
    response.setHeader('X-Instance', instance);
    if (isStopping()) response.setHeader('Connection', 'close');
    send(request, response, isUnchanged(request, reply) ? notModified(reply) : reply);
  };
}

function isUnchanged({ method, headers }: IncomingMessage, { status, headers: { ETag } }: Reply): boolean {
  const asked = headers['if-none-match'];
  const isRead = method === 'GET' || method === 'HEAD';
  return asked !== undefined && ETag !== undefined && isRead && status === 200 && namesTag(asked, ETag);
}

function notModified({ headers }: Reply): Reply {
  const { ETag = '', 'Cache-Control': cacheControl = 'no-cache' } = headers;
  return { status: 304, headers: { ETag, 'Cache-Control': cacheControl }, body: '' };
}

function send(request: IncomingMessage, response: ServerResponse, reply: Reply): void {
  const { status, headers, body } = reply;
  if (body !== '') response.setHeader('Content-Length', Buffer.byteLength(body));
  response.writeHead(status, headers);
  response.end(request.method === 'HEAD' ? '' : body);
}

function busy(): Problem {
  return new Problem(503, 'The database is busy. Try again in a second.', { headers: { 'Retry-After': '1' } });
}
