import express, { type Express } from 'express';
import { Http2Request } from './http2-request.ts';
import { Http2Response } from './http2-response.ts';

/**
 * The layers of an app, the very same ones, for messages of HTTP/2. Express gives every message the prototypes of its
 * app, and those are of HTTP/1.1: here they stand on the classes of HTTP/2.
 */
export function createHttp2App(app: Express): Express {
  const twin = express();
  twin.disable('x-powered-by').disable('etag').set('query parser', false);
  twin.request = graft(app.request, Http2Request.prototype);
  twin.response = graft(app.response, Http2Response.prototype);
  twin.use(app.router);
  return twin;
}

/** What Express and its app have added to a kind of message, on another kind. */
function graft<Message extends object>(prototype: Message, base: object): Message {
  return Object.create(base, {
    ...Object.getOwnPropertyDescriptors(Object.getPrototypeOf(prototype)),
    ...Object.getOwnPropertyDescriptors(prototype),
  });
}
