import type { Request } from 'express';
import type { Endpoint } from './endpoint.ts';
import { type Form, readForm } from './form.ts';
import type { OAuthLog } from './log.ts';
import { sendError } from './send-error.ts';

/**
 * An endpoint that answers a form sent by POST with JSON, or with an empty 200 where there is nothing to say. No answer
 * is ever stored (RFC 6749 §5.1), and errors have the form of RFC 6749 §5.2.
 */
export function formEndpoint(
  answer: (req: Request, form: Form) => Promise<object | undefined>,
  log: OAuthLog,
): Endpoint {
  return {
    methods: ['POST'],
    async handle(req, res) {
      res.set({ 'Cache-Control': 'no-store', Pragma: 'no-cache' });
      try {
        const body = await answer(req, await readForm(req, res));
        if (body === undefined) res.end();
        else res.json(body);
      } catch (error) {
        sendError(res, error, log);
      }
    },
  };
}
