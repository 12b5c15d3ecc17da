/** A page that somebody looks at. */
export interface VisitedPage {
  readonly url: string;
  readonly status: number;
  readonly text: string;
}

/** Where a visit ended: at a page, or by being sent to another origin, such as an application's redirect URI. */
export type Visited = { readonly page: VisitedPage } | { readonly sentTo: URL };

/**
 * A browser of few means, for one person: keeps cookies, follows redirects as long as they stay at the origin, and sends
 * the form of a page as it is, hidden fields included.
 */
export interface PageVisitor {
  open(url: string | URL): Promise<Visited>;
  /** Sends the form of a page with these values in its fields. */
  submit(page: VisitedPage, values: Readonly<Record<string, string>>): Promise<Visited>;
  /** Names of the cookies that it has now. */
  cookies(): string[];
}

/** Somebody with nothing in their browser. */
export function createPageVisitor(): PageVisitor {
  const jar = new Map<string, string>();

  function keepCookies(response: Response): void {
    for (const line of response.headers.getSetCookie()) {
      const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
      const [name, value] = [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)];
      const isOver = attributes.some((it) => /^max-age=0$/i.test(it) || Date.parse(it.replace(/^expires=/i, '')) <= 0);
      if (isOver) jar.delete(name);
      else jar.set(name, value);
    }
  }

  async function visit(url: URL, init: RequestInit = {}): Promise<Visited> {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      headers: { ...(cookie !== '' && { Cookie: cookie }), Connection: 'close', ...init.headers },
    });
    keepCookies(response);
    const location = response.headers.get('location');
    const text = await response.text();
    if (location === null) return { page: { url: url.href, status: response.status, text } };
    const next = new URL(location, url);
    return next.origin === url.origin ? visit(next) : { sentTo: next };
  }

  return {
    open: (url) => visit(new URL(url)),
    submit(page, values) {
      const [form] = /<form\b[^>]*>/.exec(page.text) ?? [''];
      const body = new URLSearchParams(values);
      for (const [input] of page.text.matchAll(/<input\b[^>]*type="hidden"[^>]*>/g)) {
        body.set(readAttribute(input, 'name')!, readAttribute(input, 'value') ?? '');
      }
      const url = new URL(readAttribute(form, 'action') ?? '', page.url);
      return visit(url, { method: 'POST', body, headers: { Origin: url.origin } });
    },
    cookies: () => [...jar.keys()],
  };
}

/** Who signs in, and whether they allow what they are asked for. */
export interface SignInChoices {
  readonly username: string;
  readonly password: string;
  readonly decision?: 'allow' | 'deny';
}

/**
 * Goes to an authorization endpoint and through whatever it asks. Gives the address that the application gets. Throws
 * with the text of a page that leads no further.
 */
export async function signIn(
  visitor: PageVisitor,
  authorizationUrl: string | URL,
  { username, password, decision = 'allow' }: SignInChoices,
): Promise<URL> {
  let visited = await visitor.open(authorizationUrl);
  if ('page' in visited && visited.page.text.includes('name="password"')) {
    visited = await visitor.submit(visited.page, { username, password });
  }
  if ('page' in visited && visited.page.text.includes('name="decision"')) {
    visited = await visitor.submit(visited.page, { decision });
  }
  if ('sentTo' in visited) return visited.sentTo;
  const { url, status, text } = visited.page;
  throw new Error(`${url} answered ${status} and leads no further: ${text}`);
}

function readAttribute(tag: string, name: string): string | undefined {
  return new RegExp(`\\b${name}="([^"]*)"`)
    .exec(tag)?.[1]
    ?.replace(/&(amp|lt|gt|quot|#39);/g, (entity) => entities[entity]!);
}

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};
