import type { Request, Response } from 'express';
import type { Endpoint } from '../endpoint.ts';
import type { Pages } from './pages.ts';

/** An endpoint for people: it shows a page for GET and HEAD and takes its form by POST. Failures end on a page, too. */
export function pageEndpoint(
  pages: Pick<Pages, 'sendError'>,
  verbs: {
    readonly show: (req: Request, res: Response) => Promise<void>;
    readonly submit: (req: Request, res: Response) => Promise<void>;
  },
): Endpoint {
  return {
    methods: ['GET', 'HEAD', 'POST'],
    async handle(req, res) {
      try {
        await (req.method === 'POST' ? verbs.submit(req, res) : verbs.show(req, res));
      } catch (error) {
        pages.sendError(req, res, error);
      }
    },
  };
}
