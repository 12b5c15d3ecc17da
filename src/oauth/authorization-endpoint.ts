import type { Request, Response } from 'express';
import type { AuthorizationRequest } from './authorization-request.ts';
import { RedirectError } from './authorization-response.ts';
import type { BrowserSessions } from './browser-sessions.ts';
import type { ScopesToAsk } from './decide-consent.ts';
import type { Endpoint } from './endpoint.ts';
import { type Parameters, readParameters } from './form.ts';
import type { Interactions } from './interactions.ts';
import type { IssueCode } from './issue-code.ts';
import type { OAuthLog } from './log.ts';
import type { Pages } from './pages/pages.ts';
import { seeOther } from './pages/see-other.ts';
import { consentPath, loginPath } from './paths.ts';
import { interactionUrl } from './resume-request.ts';
import { toOAuthError } from './send-error.ts';

/** What {@link createAuthorizationEndpoint} needs. */
export interface AuthorizationEndpointOptions {
  readonly issuer: string;
  /** As `readAuthorizationRequest` does. */
  readonly readRequest: (form: Parameters['form'], repeated: Parameters['repeated']) => Promise<AuthorizationRequest>;
  readonly sessions: Pick<BrowserSessions, 'current'>;
  readonly interactions: Pick<Interactions, 'begin'>;
  readonly scopesToAsk: ScopesToAsk;
  readonly issueCode: IssueCode;
  readonly pages: Pick<Pages, 'sendError'>;
  readonly log: OAuthLog;
}

/**
 * `/oauth/authorize` (RFC 6749 §3.1): sends the browser on, to the page where the user signs in or agrees, or back to
 * the client with a code or a refusal. Always by 303 (RFC 9700 §4.12): nothing that was posted goes along.
 */
export function createAuthorizationEndpoint(options: AuthorizationEndpointOptions): Endpoint {
  const { issuer, readRequest, sessions, interactions, scopesToAsk, issueCode, pages, log } = options;

  async function proceed(req: Request, res: Response, request: AuthorizationRequest): Promise<string> {
    const goTo = async (path: string) => interactionUrl(issuer + path, await interactions.begin(req, res, request));
    const session = await sessions.current(req);
    if (session === undefined) return goTo(loginPath);
    if ((await scopesToAsk(request, session)) !== undefined) return goTo(consentPath);
    return issueCode(request, session, request.scopes);
  }

  /** From here on the client learns of every failure (RFC 6749 §4.1.2.1). */
  function toRedirect(error: unknown, { path }: Request, request: AuthorizationRequest): RedirectError {
    if (error instanceof RedirectError) return error;
    const refusal = toOAuthError(error);
    if (refusal.status >= 500) log.error('an endpoint of OAuth failed', { path, error: refusal.cause });
    return new RedirectError(request, refusal);
  }

  async function answer(req: Request, res: Response): Promise<string> {
    const { form, repeated } = await readParameters(req, res);
    const request = await readRequest(form, repeated);
    return proceed(req, res, request).catch((error) => {
      throw toRedirect(error, req, request);
    });
  }

  return {
    methods: ['GET', 'POST'],
    async handle(req, res) {
      try {
        seeOther(res, await answer(req, res));
      } catch (error) {
        pages.sendError(req, res, error);
      }
    },
  };
}
