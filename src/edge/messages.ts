import { IncomingMessage, ServerResponse } from 'node:http';
import type { Express } from 'express';

/** The classes of which a server makes requests and responses. */
export interface Messages {
  readonly IncomingMessage: typeof IncomingMessage;
  readonly ServerResponse: typeof ServerResponse<InstanceType<typeof IncomingMessage>>;
}

/**
 * Messages that are born with the prototypes of an Express app. Express sets these on every request otherwise, and an
 * object whose prototype changes is slow from then on: this gives back most of what Express costs (`npm run bench`).
 */
export function messagesOf(app: Express): Messages {
  return {
    IncomingMessage: derive(IncomingMessage, app.request),
    ServerResponse: derive(ServerResponse, app.response),
  };
}

/** A constructor like another one whose instances have this very prototype. */
export function derive<Base extends new (...parameters: never[]) => object>(base: Base, prototype: object): Base {
  function Derived(...parameters: never[]): object {
    return Reflect.construct(base, parameters, Derived);
  }
  Derived.prototype = prototype;
  return Derived as unknown as Base;
}
