import type { Request } from 'express';
import type { Audit } from './audit.ts';
import type { BrowserSessions } from './browser-sessions.ts';
import type { ClientDirectory } from './client-directory.ts';
import type { Cookies } from './cookies.ts';
import { createCsrfToken, isCsrfToken, isFromOrigin } from './csrf.ts';
import type { EndGrants } from './end-grants.ts';
import type { Endpoint } from './endpoint.ts';
import { type Form, parseForm, readForm } from './form.ts';
import { OAuthError } from './oauth-error.ts';
import { pageEndpoint } from './pages/page-endpoint.ts';
import { PageError } from './pages/page-error.ts';
import type { Pages } from './pages/pages.ts';
import { seeOther } from './pages/see-other.ts';
import { signedOutPage, signOutPage } from './pages/sign-out-page.ts';
import { logoutPath } from './paths.ts';

/** What {@link createLogoutEndpoint} needs. */
export interface LogoutOptions {
  readonly issuer: string;
  readonly pages: Pages;
  readonly cookies: Cookies;
  readonly sessions: Pick<BrowserSessions, 'current' | 'end'>;
  readonly clients: Pick<ClientDirectory, 'find'>;
  readonly endGrants: Pick<EndGrants, 'all'>;
  readonly audit: Audit;
}

/** Where to go after signing out. */
interface WayBack {
  readonly client: string;
  readonly url: string;
}

/** Parameters that go along from the link to the form (OpenID Connect RP-Initiated Logout 1.0 §2). */
const passedOn = ['client_id', 'post_logout_redirect_uri', 'state'];

/** Ends the session of a browser, and everything that was given to clients in it, after asking. */
export function createLogoutEndpoint(options: LogoutOptions): Endpoint {
  const { issuer, pages, cookies, sessions, clients, endGrants, audit } = options;
  const { origin } = new URL(issuer);
  const action = issuer + logoutPath;

  /** Only an address that the client has registered, exactly as it is: anything else would send users anywhere. */
  async function findWayBack(parameters: Form): Promise<WayBack | undefined> {
    const [id, uri, state] = passedOn.map((name) => parameters.get(name));
    const client = id === undefined || uri === undefined ? undefined : await clients.find(id);
    if (client === undefined || uri === undefined || !client.postLogoutRedirectUris.includes(uri)) return undefined;
    const joint = uri.includes('?') ? '&' : '?';
    return { client: client.name, url: state === undefined ? uri : `${uri}${joint}${new URLSearchParams({ state })}` };
  }

  return pageEndpoint(pages, {
    async show(req, res) {
      const parameters = readQuery(req);
      const [session, wayBack] = [await sessions.current(req), await findWayBack(parameters)];
      const secret = cookies.read(req, 'session');
      if (session === undefined || secret === undefined) return pages.send(req, res, signedOutPage(wayBack));
      const fields = new Map(wayBack === undefined ? [] : [...parameters].filter(([name]) => passedOn.includes(name)));
      const page = signOutPage({ action, csrfToken: createCsrfToken(secret, 'logout'), fields });
      pages.send(req, res, page, { formLeadsTo: wayBack === undefined ? [] : [wayBack.url] });
    },

    async submit(req, res) {
      if (!isFromOrigin(req, origin)) throw new PageError('forged');
      const form = await readForm(req, res);
      const session = await sessions.current(req);
      const wayBack = await findWayBack(form);
      if (session !== undefined) {
        const secret = cookies.read(req, 'session') ?? '';
        if (!isCsrfToken(form.get('csrf_token'), secret, 'logout')) throw new PageError('forged');
        const { visit, subject } = session;
        const address = req.ip !== undefined && { address: req.ip };
        // The grants first: if that fails, the user is still signed in and can try again.
        await endGrants.all({ session: visit }, { actor: subject, ...address, detail: 'signed out' });
        await sessions.end(req, res);
        await audit.record({ type: 'user.signed-out', actor: subject, subject, ...address });
      }
      seeOther(res, wayBack?.url ?? action);
    },
  });
}

/** The parameters of a link. One that cannot be read has none: there is still somebody who wants to sign out. */
function readQuery(req: Request): Form {
  try {
    return parseForm(Buffer.from(/\?(.*)/s.exec(req.url)?.[1] ?? ''));
  } catch (error) {
    if (error instanceof OAuthError) return new Map();
    throw error;
  }
}
