import type { Request } from 'express';
import type { ConsentStore } from '../stores/consent-store.ts';
import type { StoredSession } from '../stores/session-store.ts';
import type { Audit } from './audit.ts';
import { consentRefused } from './authorization-response.ts';
import type { BrowserSessions } from './browser-sessions.ts';
import { isFromOrigin } from './csrf.ts';
import type { ScopesToAsk } from './decide-consent.ts';
import type { Endpoint } from './endpoint.ts';
import { readForm } from './form.ts';
import type { Interactions } from './interactions.ts';
import type { IssueCode } from './issue-code.ts';
import { consentPage } from './pages/consent-page.ts';
import { pageEndpoint } from './pages/page-endpoint.ts';
import { PageError } from './pages/page-error.ts';
import type { Pages } from './pages/pages.ts';
import { seeOther } from './pages/see-other.ts';
import { consentPath, loginPath } from './paths.ts';
import { interactionUrl, type ReadRequest, resumeRequest } from './resume-request.ts';

/** What {@link createConsentEndpoint} needs. */
export interface ConsentOptions {
  readonly issuer: string;
  /** Every scope with its description for people. */
  readonly scopes: Readonly<Record<string, string>>;
  readonly pages: Pages;
  readonly sessions: Pick<BrowserSessions, 'current'>;
  readonly interactions: Interactions;
  readonly readRequest: ReadRequest;
  readonly scopesToAsk: ScopesToAsk;
  readonly issueCode: IssueCode;
  readonly consents: Pick<ConsentStore, 'add'>;
  readonly audit: Audit;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
}

/** How long users are not asked again, in seconds. */
const lifetime = 365 * 24 * 3_600;

/** The page where users allow a client what it asks for, or do not. */
export function createConsentEndpoint(options: ConsentOptions): Endpoint {
  const { issuer, pages, sessions, interactions, readRequest, scopesToAsk, issueCode, consents, audit, clock } =
    options;
  const { origin } = new URL(issuer);
  const describe = (scope: string) => options.scopes[scope] || scope;

  /** The token holds for what the page shows: for this user and these scopes, whatever happens in another tab. */
  const shownTo = (session: StoredSession, asked: readonly string[]) => ['consent', session.id, ...asked];

  async function resume(req: Request) {
    const resumed = await resumeRequest(req, interactions, readRequest);
    const session = await sessions.current(req);
    const asked = session === undefined ? undefined : await scopesToAsk(resumed.request, session);
    return { ...resumed, session, asked };
  }

  return pageEndpoint(pages, {
    async show(req, res) {
      const { id, request, session, asked = [] } = await resume(req);
      const login = interactionUrl(issuer + loginPath, id);
      if (session === undefined) return seeOther(res, login);
      const { client, redirectUri } = request;
      const page = consentPage({
        client: client.name,
        user: nameOf(session),
        scopes: asked.map(describe),
        redirectUri,
        action: interactionUrl(issuer + consentPath, id),
        csrfToken: interactions.csrfToken(req, id, ...shownTo(session, asked)),
        switchUser: login,
      });
      pages.send(req, res, page, { formLeadsTo: [redirectUri, ...client.origins] });
    },

    async submit(req, res) {
      if (!isFromOrigin(req, origin)) throw new PageError('forged');
      const { id, request, session, asked = [] } = await resume(req);
      if (session === undefined) return seeOther(res, interactionUrl(issuer + loginPath, id));
      const form = await readForm(req, res);
      if (!interactions.isCsrfToken(req, form.get('csrf_token'), id, ...shownTo(session, asked))) {
        throw new PageError('forged');
      }
      if ((await interactions.take(req, id)) === undefined) throw new PageError('stale');

      const { subject } = session;
      const clientId = request.client.id;
      const who = { actor: subject, subject, clientId, ...(req.ip !== undefined && { address: req.ip }) };
      if (form.get('decision') !== 'allow') {
        await audit.record({ type: 'consent.refused', ...who });
        throw consentRefused(request);
      }
      await consents.add(subject, clientId, asked, clock() + lifetime, clock());
      await audit.record({ type: 'consent.given', ...who, detail: asked.join(' ') });
      seeOther(res, await issueCode(request, session, request.scopes));
    },
  });
}

/** What people call a user, by the claims of OpenID Connect Core 1.0 §5.1. */
function nameOf({ claims }: StoredSession): string | undefined {
  return [claims.name, claims.preferred_username].find(
    (name): name is string => typeof name === 'string' && name !== '',
  );
}
