import { hash } from 'node:crypto';
import type { Request, Response } from 'express';
import { BoundedMemory } from '../stores/memory/bounded-memory.ts';
import type { Cookies } from './cookies.ts';
import type { Endpoint } from './endpoint.ts';
import { type Form, readForm } from './form.ts';
import type { Pages } from './pages/pages.ts';
import { seeOther } from './pages/see-other.ts';

/** What {@link createAnswerRepeats} needs. */
export interface AnswerRepeatsOptions {
  readonly cookies: Pick<Cookies, 'read'>;
  readonly pages: Pick<Pages, 'sendError'>;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
}

/** Where a form led, and what its browser was to remember. */
interface Answer {
  readonly location: string;
  readonly cookies: readonly string[];
}

/** For how long a form may come again, in seconds since it came first: a double click, on a slow line. */
const lifetime = 10;
const entryBytes = 2_000;
const maxBytes = 4_000_000;

/**
 * Wraps an endpoint whose forms work once: one that comes again at the same time or just after, from the same browser
 * and without any difference, leads where it led before. A double click sends it twice, and browsers go by the answer to
 * the second. Nothing is done twice, and whatever led nowhere is tried anew.
 */
export function createAnswerRepeats({ cookies, pages, clock }: AnswerRepeatsOptions): (endpoint: Endpoint) => Endpoint {
  const answers = new BoundedMemory<Promise<Answer | undefined>>({ maxBytes, clock: () => clock() * 1_000 });

  /** Undefined for a browser that does not say which one it is. Of the form, which may have a password, a hash is kept. */
  function keyOf(req: Request, form: Form): string | undefined {
    const browser = cookies.read(req, 'browser');
    const { origin = '' } = req.headers;
    return browser && hash('sha256', JSON.stringify([browser, origin, req.url, ...form]), 'base64url');
  }

  return ({ methods, handle }) => ({
    methods,
    async handle(req, res) {
      if (req.method !== 'POST') return handle(req, res);
      const form = await readForm(req, res).catch((error: unknown) => pages.sendError(req, res, error));
      if (form === undefined) return;
      const key = keyOf(req, form);
      const pending = key && answers.get(key);
      const before = pending && (await pending);
      if (before) return repeat(before, res);
      const answered = Promise.resolve(handle(req, res));
      if (key !== undefined) {
        const led = answered.then(
          () => answerOf(res),
          () => undefined,
        );
        answers.set(key, led, entryBytes, lifetime * 1_000);
      }
      return answered;
    },
  });
}

function answerOf(res: Response): Answer | undefined {
  const location = res.getHeader('Location');
  if (res.statusCode !== 303 || typeof location !== 'string') return undefined;
  return { location, cookies: [res.getHeader('Set-Cookie') ?? []].flat().map(String) };
}

function repeat({ location, cookies }: Answer, res: Response): void {
  for (const cookie of cookies) res.append('Set-Cookie', cookie);
  seeOther(res, location);
}
