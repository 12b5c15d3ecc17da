import type { Request, Response } from 'express';
import type { InteractionStore, StoredInteraction } from '../stores/interaction-store.ts';
import type { AuthorizationRequest } from './authorization-request.ts';
import { type CreateSecret, fingerprintOf, randomSecret } from './browser-secret.ts';
import type { Cookies } from './cookies.ts';
import { createCsrfToken, isCsrfToken } from './csrf.ts';

/** What {@link createInteractions} needs. */
export interface InteractionsOptions {
  readonly store: InteractionStore;
  readonly cookies: Cookies;
  /** The time in seconds since the epoch. */
  readonly clock: () => number;
  /** Makes ids and the browser's cookie. Default: 256 random bits. */
  readonly createSecret?: CreateSecret;
}

/**
 * Authorization requests on their way through the pages. Each belongs to the browser that began it, by a cookie: its id,
 * which stands in URLs, is worth nothing elsewhere. Verbs that read the store reject with a StoreError.
 */
export interface Interactions {
  /** Keeps a request that was found good and resolves to the id of the interaction; gives the browser its cookie. */
  begin(req: Request, res: Response, request: Pick<AuthorizationRequest, 'parameters'>): Promise<string>;
  /** The interaction, if it is alive and this browser's. */
  find(req: Request, id: string | undefined): Promise<StoredInteraction | undefined>;
  /** The same, and ends it: of any number of calls at once, one gets it. */
  take(req: Request, id: string): Promise<StoredInteraction | undefined>;
  /** For a form on a page of an interaction that was found; `shown` is what the page promises beside it. */
  csrfToken(req: Request, id: string, ...shown: readonly string[]): string;
  /** Was the form that sent this token made for this browser, interaction and promise? */
  isCsrfToken(req: Request, token: string | undefined, id: string, ...shown: readonly string[]): boolean;
}

/** How long a person may take over the pages, in seconds. */
const lifetime = 15 * 60;
/** How many may be on their way at once: anybody can begin one, with some kilobytes of parameters. */
const most = 20_000;

/** Interactions over a store. */
export function createInteractions(options: InteractionsOptions): Interactions {
  const { store, cookies, clock, createSecret = randomSecret } = options;
  const browserOf = (req: Request) => cookies.read(req, 'browser');
  return {
    async begin(req, res, { parameters }) {
      const known = browserOf(req);
      const browser = known ?? createSecret();
      const [id, now] = [createSecret(), clock()];
      const interaction = { id, browser: fingerprintOf(browser), request: parameters, expiresAt: now + lifetime };
      await store.create(interaction, most, now);
      if (known === undefined) cookies.set(res, 'browser', browser);
      return id;
    },
    async find(req, id) {
      const browser = browserOf(req);
      if (id === undefined || browser === undefined) return undefined;
      return store.find(id, fingerprintOf(browser), clock());
    },
    async take(req, id) {
      const browser = browserOf(req);
      return browser === undefined ? undefined : store.take(id, fingerprintOf(browser), clock());
    },
    csrfToken: (req, id, ...shown) => createCsrfToken(browserOf(req) ?? '', id, ...shown),
    isCsrfToken(req, token, id, ...shown) {
      const browser = browserOf(req);
      return browser !== undefined && isCsrfToken(token, browser, id, ...shown);
    },
  };
}
