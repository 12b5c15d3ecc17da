/** An application that signs users in, for tests: what a good one sends, to be changed where a test wants to. */
import { hash, randomBytes } from 'node:crypto';
import request from 'supertest';
import type { Client } from '../../src/model/client.ts';
import { type AuthorizationServer, hashOf } from './authorization-server.ts';
import { makeClient } from './make-client.ts';

type Fields = Readonly<Record<string, string | undefined>>;

export const callback = 'https://app.example/cb';
export const appSecret = 'the secret of the application';

/** A first-party application in a browser. */
export const spa = (further: Partial<Client> = {}): Client =>
  makeClient('spa', {
    type: 'public',
    authentication: ['none'],
    firstParty: true,
    grants: ['authorization_code', 'refresh_token'],
    redirectUris: [callback],
    origins: ['https://app.example'],
    ...further,
  });

/** An application that keeps a secret; it does not belong to the house. */
export const webApp = (further: Partial<Client> = {}): Client =>
  makeClient('web-app', {
    secretHashes: [hashOf(appSecret)],
    grants: ['authorization_code', 'refresh_token'],
    redirectUris: [callback],
    ...further,
  });

/** The parameters without those that are undefined. */
export const encode = (fields: Fields): string =>
  new URLSearchParams(
    Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ).toString();

export class Application {
  readonly verifier = randomBytes(32).toString('base64url');
  readonly clientId: string;
  readonly #server: AuthorizationServer;
  readonly #secret: string | undefined;

  constructor(server: AuthorizationServer, clientId = 'spa', secret?: string) {
    this.#server = server;
    this.clientId = clientId;
    this.#secret = secret;
  }

  /** The parameters of an authorization request. */
  parameters(further: Fields = {}): string {
    return encode({
      response_type: 'code',
      client_id: this.clientId,
      redirect_uri: callback,
      state: 's t/ü',
      code_challenge: hash('sha256', this.verifier, 'base64url'),
      code_challenge_method: 'S256',
      ...further,
    });
  }

  authorize(further: Fields = {}, cookie = ''): request.Test {
    return request(this.#server.app)
      .get(`/oauth/authorize?${this.parameters(further)}`)
      .set('Cookie', cookie);
  }

  /** A code for a user who is signed in. */
  async getCode(further: Fields = {}, username = 'ada'): Promise<string> {
    const { cookie } = await this.#server.signIn(username);
    const { headers } = await this.authorize(further, cookie);
    return new URL(headers.location!).searchParams.get('code')!;
  }

  post(path: string, fields: Fields): request.Test {
    return this.postText(path, encode({ client_id: this.clientId, client_secret: this.#secret, ...fields }));
  }

  postText(path: string, form: string): request.Test {
    return request(this.#server.app).post(path).type('form').send(form);
  }

  redeem(code: string, further: Fields = {}): request.Test {
    const fields = { grant_type: 'authorization_code', code, redirect_uri: callback, code_verifier: this.verifier };
    return this.post('/oauth/token', { ...fields, ...further });
  }

  refresh(token: string, further: Fields = {}): request.Test {
    return this.post('/oauth/token', { grant_type: 'refresh_token', refresh_token: token, ...further });
  }

  /** Signs a user in and gets the tokens. */
  async signIn(further: Fields = {}, username = 'ada'): Promise<Tokens> {
    const { body } = await this.redeem(await this.getCode(further, username));
    return body;
  }
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly scope: string;
}

/** The parameters of a redirect. */
export const sentTo = (response: request.Response): Record<string, string> =>
  Object.fromEntries(new URL(response.headers.location!).searchParams);
