import type { Request, Response } from 'express';
import type { BrowserSessions } from './browser-sessions.ts';
import { isFromOrigin } from './csrf.ts';
import type { ScopesToAsk } from './decide-consent.ts';
import type { EndGrants } from './end-grants.ts';
import type { Endpoint } from './endpoint.ts';
import { readForm } from './form.ts';
import type { Interactions } from './interactions.ts';
import type { IssueCode } from './issue-code.ts';
import { type LoginProblem, loginPage } from './pages/login-page.ts';
import { pageEndpoint } from './pages/page-endpoint.ts';
import { PageError } from './pages/page-error.ts';
import type { Pages } from './pages/pages.ts';
import { seeOther } from './pages/see-other.ts';
import { consentPath, loginPath } from './paths.ts';
import { interactionUrl, type ReadRequest, type ResumedRequest, resumeRequest } from './resume-request.ts';
import type { SignIn } from './users/sign-in.ts';

/** What {@link createLoginEndpoint} needs. */
export interface LoginOptions {
  readonly issuer: string;
  readonly pages: Pages;
  readonly sessions: BrowserSessions;
  readonly interactions: Interactions;
  readonly readRequest: ReadRequest;
  readonly signIn: SignIn;
  readonly scopesToAsk: ScopesToAsk;
  readonly issueCode: IssueCode;
  readonly endGrants: Pick<EndGrants, 'all'>;
}

/** What a problem says to programs. None is 401: that would need a scheme of RFC 9110 §11. */
const statuses = {
  incomplete: 400,
  wrong: 400,
  disabled: 403,
  throttled: 429,
  unavailable: 503,
} as const satisfies Record<LoginProblem['outcome'], number>;

/** The page where users sign in, for an authorization request that waits for it. */
export function createLoginEndpoint(options: LoginOptions): Endpoint {
  const { issuer, pages, sessions, interactions, readRequest, signIn, scopesToAsk, issueCode, endGrants } = options;
  const { origin } = new URL(issuer);

  function showPage(
    req: Request,
    res: Response,
    { id, request }: ResumedRequest,
    username?: string,
    problem?: LoginProblem,
  ) {
    const { client, redirectUri } = request;
    const page = loginPage({
      client: client.name,
      action: interactionUrl(issuer + loginPath, id),
      csrfToken: interactions.csrfToken(req, id, 'login'),
      username,
      ...(problem && { problem }),
    });
    if (problem !== undefined && 'retryAfter' in problem) res.set('Retry-After', String(problem.retryAfter));
    const status = problem === undefined ? 200 : statuses[problem.outcome];
    pages.send(req, res, page, { status, formLeadsTo: [redirectUri, ...client.origins] });
  }

  return pageEndpoint(pages, {
    async show(req, res) {
      showPage(req, res, await resumeRequest(req, interactions, readRequest));
    },

    async submit(req, res) {
      if (!isFromOrigin(req, origin)) throw new PageError('forged');
      const resumed = await resumeRequest(req, interactions, readRequest);
      const { id, request } = resumed;
      const form = await readForm(req, res);
      if (!interactions.isCsrfToken(req, form.get('csrf_token'), id, 'login')) throw new PageError('forged');

      const [username, password] = [form.get('username'), form.get('password')];
      if (username === undefined || password === undefined) {
        return showPage(req, res, resumed, username, { outcome: 'incomplete' });
      }
      const address = req.ip ?? '';
      const result = await signIn({ username, password, address, clientId: request.client.id });
      if (result.outcome !== 'ok') return showPage(req, res, resumed, username, result);

      const before = await sessions.current(req);
      const session = await sessions.start(req, res, result.user);
      if (before !== undefined && before.subject !== session.subject) {
        await endGrants.all(
          { session: before.visit },
          { actor: before.subject, address, detail: 'somebody else signed in' },
        );
      }
      if ((await scopesToAsk(request, session)) !== undefined) {
        return seeOther(res, interactionUrl(issuer + consentPath, id));
      }
      if ((await interactions.take(req, id)) === undefined) throw new PageError('stale');
      seeOther(res, await issueCode(request, session, request.scopes));
    },
  });
}
