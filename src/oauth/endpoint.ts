import type { Request, Response } from 'express';

/** One address of the authorization server. */
export interface Endpoint {
  /** Other methods get 405 (RFC 9110 §15.5.6). */
  readonly methods: readonly string[];
  handle(req: Request, res: Response): void | Promise<void>;
}
