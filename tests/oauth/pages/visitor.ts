import request, { type Response } from 'supertest';
import { type PageServer, password } from './page-server.ts';

type Fields = Readonly<Record<string, string>>;

/** A browser that follows nothing by itself: it keeps cookies and fills in forms. */
export class Visitor {
  readonly cookies = new Map<string, string>();
  /** Sent with every form. */
  headers: Record<string, string>;
  readonly #server: PageServer;

  constructor(server: PageServer) {
    this.#server = server;
    this.headers = { Origin: server.issuer, 'Sec-Fetch-Site': 'same-origin' };
  }

  get(url: string, headers: Fields = {}): Promise<Response> {
    return this.#remember(request(this.#server.app).get(pathOf(url)).set(headers));
  }

  head(url: string): Promise<Response> {
    return this.#remember(request(this.#server.app).head(pathOf(url)));
  }

  post(url: string, fields: Fields | string, headers: Fields = {}): Promise<Response> {
    const pending = request(this.#server.app).post(pathOf(url)).type('form');
    pending.set({ ...this.headers, ...headers });
    return this.#remember(pending.send(typeof fields === 'string' ? fields : new URLSearchParams(fields).toString()));
  }

  /** Sends the form of a page, with these fields filled in. */
  submit({ text }: Response, fields: Fields = {}, headers: Fields = {}): Promise<Response> {
    return this.post(formOf(text).action, { ...formOf(text).fields, ...fields }, headers);
  }

  /** Follows the link of an application and comes to the login page, signed in or not: "Not you?" leads there, too. */
  async begin(parameters: Fields = {}): Promise<Response> {
    const query = new URLSearchParams({ response_type: 'code', client_id: 'shop', state: 's t', ...parameters });
    const sessions = [...this.cookies].filter(([name]) => name.endsWith('garita-session'));
    for (const [name] of sessions) this.cookies.delete(name);
    const { headers } = await this.get(`/oauth/authorize?${query}`);
    for (const [name, value] of sessions) this.cookies.set(name, value);
    return this.get(headers.location!);
  }

  /** Signs in from the beginning; resolves to the answer to the form. */
  async signIn(username = 'ada@example.com', parameters: Fields = {}): Promise<Response> {
    return this.submit(await this.begin(parameters), { username, password });
  }

  async #remember(pending: request.Test): Promise<Response> {
    pending.set('Cookie', [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    const response = await pending;
    for (const cookie of cookiesOf(response)) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
      if (/; Max-Age=0/.test(cookie)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }
}

/** The lines of `Set-Cookie`. */
export const cookiesOf = ({ headers }: Response): string[] => (headers['set-cookie'] as unknown as string[]) ?? [];

/** Where a page's form goes, and what is in it already. */
export function formOf(text: string): { action: string; fields: Record<string, string> } {
  const decode = (value: string) =>
    value
      .replace(/&#39;/g, "'")
      .replace(/&quot;/g, '"')
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&amp;/g, '&');
  const hidden = text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g);
  return {
    action: decode(/<form method="post" action="([^"]*)"/.exec(text)?.[1] ?? ''),
    fields: Object.fromEntries([...hidden].map(([, name = '', value = '']) => [name, decode(value)])),
  };
}

const pathOf = (url: string): string => url.replace(/^https?:\/\/[^/]*/, '');
