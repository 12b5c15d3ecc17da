import { AdministrationError, type AdministrationProblem } from '../oauth/administration/administration.ts';
import { CommandError } from './command.ts';

/** Where a gateway's admin API is, and who asks. */
export interface AdminRequestsOptions {
  /** The operations listener: `http://127.0.0.1:9090`. */
  readonly url: string;
  /** The admin token of the gateway, or an access token with the scope `garita:admin`. */
  readonly token: string | undefined;
  /** Ends what is under way. */
  readonly stop: AbortSignal;
}

/** Parameters of a query; those that are undefined are left out. */
export type Query = Readonly<Record<string, string | number | undefined>>;

/**
 * Asks the admin API. Every verb rejects with an AdministrationError where the administration refused, and with a
 * CommandError for anything else that came between.
 */
export interface AdminRequests {
  /** The decoded body of the answer; undefined when it has none. `path` below /admin; what is there says T. */
  send<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Up to `limit` items of a list, of as many pages as it takes. */
  list<T>(path: string, query?: Query, limit?: number): Promise<T[]>;
}

const timeout = 30_000;
const largestPage = 500;

/** The admin API of a gateway that runs. */
export function createAdminRequests({ url, token, stop }: AdminRequestsOptions): AdminRequests {
  async function send<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url}/admin${path}`, {
      method,
      // Whatever stands behind a redirect, it is not the gateway that the token is for.
      redirect: 'manual',
      headers: {
        Accept: 'application/json, application/problem+json',
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.any([stop, AbortSignal.timeout(timeout)]),
    }).catch((error: unknown) => {
      throw explainUnreached(url, error);
    });
    const text = await response.text().catch((error: unknown) => {
      throw explainUnreached(url, error);
    });
    if (response.ok) return readAnswer(url, response, text) as T;
    throw explainRefusal(url, response, text, token !== undefined);
  }

  return {
    send,
    async list<T>(path: string, query: Query = {}, limit = Number.POSITIVE_INFINITY) {
      const items: T[] = [];
      let after = query.after?.toString();
      do {
        const size = Math.min(limit - items.length, largestPage);
        const page = await send<ListPage<T>>('GET', `${path}?${toQuery({ ...query, limit: size, after })}`);
        items.push(...page.items);
        after = page.next;
      } while (after !== undefined && items.length < limit);
      return items;
    },
  };
}

interface ListPage<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

const toQuery = (query: Query): URLSearchParams =>
  new URLSearchParams(
    Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );

/** Why a request got no answer. */
export function explainUnreached(url: string, error: unknown): CommandError {
  const { name, message, cause } = error as Error & { cause?: unknown };
  if (name === 'AbortError') return new CommandError('stopped before the gateway answered: look whether it was done');
  if (name === 'TimeoutError') {
    return new CommandError(`the gateway at ${url} did not answer in time: look there whether it was done`);
  }
  const reason = Error.isError(cause) ? cause.message || String((cause as NodeJS.ErrnoException).code) : message;
  return new CommandError(`no gateway was reached at ${url}: ${reason}`, { cause: error });
}

function readAnswer(url: string, { status, headers }: Response, text: string): unknown {
  if (status === 204) return undefined;
  try {
    if (isJson(headers)) return JSON.parse(text);
  } catch {
    // Neither is an answer of the admin API.
  }
  throw notTheApi(url, status);
}

const isJson = (headers: Headers): boolean =>
  /^application\/(problem\+)?json\b/.test(headers.get('content-type') ?? '');

const notTheApi = (url: string, status: number): CommandError =>
  new CommandError(
    `what answered at ${url} with status ${status} is not Garita's admin API: give the address of the operations ` +
      'listener with --admin-url, or in the configuration under listen.operations',
  );

const problems: Readonly<Record<string, AdministrationProblem>> = {
  ADMIN_INVALID: 'invalid',
  ADMIN_NOT_FOUND: 'not-found',
  ADMIN_CONFLICT: 'conflict',
  ADMIN_UNSUPPORTED: 'unsupported',
};

interface Problem {
  readonly code?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly requestId?: string;
  readonly errors?: Readonly<Record<string, string>>;
}

/** The RFC 9457 problem as the error that it was, or with what the operator can do about it. */
function explainRefusal(url: string, response: Response, text: string, hadToken: boolean): Error {
  const { code = '', title = '', detail = title, errors, requestId } = readProblem(response.headers, text);
  const problem = problems[code];
  if (problem !== undefined) return new AdministrationError(problem, detail, errors);
  // The public listener has codes of its own.
  if (!code.startsWith('ADMIN_')) return notTheApi(url, response.status);
  switch (code) {
    case 'ADMIN_UNAUTHENTICATED':
      return new CommandError(hadToken ? tokenRefused(url) : tokenMissing(url));
    case 'ADMIN_FORBIDDEN':
      return new CommandError(
        'GARITA_ADMIN_TOKEN is an access token without the scope garita:admin: get one with it, or set the admin ' +
          'token of the gateway (admin.token in its configuration)',
      );
    case 'ADMIN_WRONG_HOST':
      return new CommandError(
        `the gateway does not know the name in ${url}: add it under admin.hosts in its configuration, or use --admin-url with its address`,
      );
    default: {
      const later = response.headers.get('retry-after');
      const hints = [later && `try again in ${later} s`, requestId && `request ${requestId} in the gateway's log`];
      const said = hints.filter((hint) => hint).join('; ');
      return new CommandError(`the gateway at ${url} answered: ${detail}${said === '' ? '' : ` (${said})`}`);
    }
  }
}

function readProblem(headers: Headers, text: string): Problem {
  try {
    return isJson(headers) ? (JSON.parse(text) as Problem) : {};
  } catch {
    return {};
  }
}

const tokenMissing = (url: string): string =>
  `the gateway at ${url} asks who you are: set GARITA_ADMIN_TOKEN to the admin token of its configuration ` +
  '(admin.token), or to an access token with the scope garita:admin';

const tokenRefused = (url: string): string =>
  `the gateway at ${url} refused GARITA_ADMIN_TOKEN: it has to be the admin token of its configuration ` +
  '(admin.token), or a live access token of this very gateway with the scope garita:admin';
