import type { Request, Response } from 'express';
import { StoreError } from '../../stores/store-error.ts';
import { RedirectError, refusalUrl } from '../authorization-response.ts';
import type { OAuthLog } from '../log.ts';
import { OAuthError } from '../oauth-error.ts';
import { pathsOf } from '../paths.ts';
import type { PageAssets } from './assets.ts';
import { errorPage } from './error-page.ts';
import { formSourcesOf } from './form-sources.ts';
import { chooseLanguage, messagesIn } from './language.ts';
import { layout } from './layout.ts';
import type { Page } from './page.ts';
import { PageError } from './page-error.ts';
import { seeOther } from './see-other.ts';

/** What {@link createPages} needs. */
export interface PagesOptions {
  readonly issuer: string;
  /** Whose pages these are. */
  readonly name: string;
  readonly assets: PageAssets;
  readonly log: OAuthLog;
}

/** How a page is sent. */
export interface SendOptions {
  /** Default: 200. */
  readonly status?: number;
  /** Where its form may lead by redirect; it may always come here. */
  readonly formLeadsTo?: readonly string[];
}

/** Sends pages to people. */
export interface Pages {
  send(req: Request, res: Response, page: Page, options?: SendOptions): void;
  /** Ends a request that failed: by redirect for a RedirectError, else on a page. What went wrong here is logged. */
  sendError(req: Request, res: Response, error: unknown): void;
}

/** When to come back after a failure of the store, in seconds. */
const retryAfter = '5';

/** Pages of one brand, in the language of whoever asks. */
export function createPages({ issuer, name, assets, log }: PagesOptions): Pages {
  const below = pathsOf(issuer).assets;
  const brand = { name, stylesheet: `${below}/${assets.stylesheet.name}`, logo: `${below}/${assets.logo.name}` };

  function send(req: Request, res: Response, page: Page, { status = 200, formLeadsTo = [] }: SendOptions = {}): void {
    const language = chooseLanguage(req.headers['accept-language']);
    const document = layout(page(messagesIn(language)), language, brand);
    res.status(status).set({ ...headersOf(formLeadsTo), 'Content-Language': language });
    res.vary('Accept-Language').type('html').send(document.toString());
  }

  return {
    send,
    sendError(req, res, error) {
      if (error instanceof RedirectError) return seeOther(res, refusalUrl(error, issuer));
      const { problem, status, cause } = toPageError(error);
      if (status >= 500) log.error('a page of OAuth failed', { path: req.path, error: cause });
      if (status === 503) res.set('Retry-After', retryAfter);
      if (error instanceof OAuthError) res.set(error.headers);
      send(req, res, errorPage(problem), { status: error instanceof OAuthError ? error.status : status });
    },
  };
}

/**
 * Nothing on a page runs, and nothing comes from elsewhere. `same-origin`, because with `no-referrer` browsers send
 * `Origin: null` with the forms of a page, and where they came from could not be checked (Fetch, "append a request
 * `Origin` header").
 */
const headersOf = (formLeadsTo: readonly string[]): Record<string, string> => ({
  'Cache-Control': 'no-store',
  'Content-Security-Policy': [
    "default-src 'none'",
    "style-src 'self'",
    "img-src 'self'",
    ["form-action 'self'", ...formSourcesOf(formLeadsTo)].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; '),
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
});

function toPageError(error: unknown): PageError {
  if (error instanceof PageError) return error;
  // The form cannot be read: nothing that a person could have typed. Or somebody cannot be asked for now.
  if (error instanceof OAuthError)
    return new PageError(error.status < 500 ? 'bad-request' : 'unavailable', { cause: error });
  return new PageError(error instanceof StoreError ? 'unavailable' : 'failed', { cause: error });
}
