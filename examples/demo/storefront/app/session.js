// Where the tokens are: in the memory of the application's tabs and nowhere else. What is not in localStorage cannot be
// read from there by a script that should not run, nor by whoever gets hold of the disk. The price is that a reload
// forgets them; another tab then tells, or the authorization server, which still knows the user by its cookie.

import { renew, SignInExpired } from './sign-in.js';

/** @import { Tokens } from './sign-in.js' */

/** How long other tabs have for an answer, in milliseconds. */
const patience = 200;
/** An access token that is about to expire is not worth sending. */
const margin = 10_000;

/**
 * The tokens of all tabs. Events: `begin` when there are some, `change` when there are others or none; `refreshed` with
 * a report, when this tab or another one has refreshed them; `failed` with the error, when this one could not though
 * another had asked it to; `told` and `joined` when this tab was told the tokens, and when it told them.
 */
export class Session extends EventTarget {
  /** A name for people. */
  tab = Math.random().toString(36).slice(2, 6);
  /** @type {Tokens | undefined} */
  #tokens;
  /** @type {Promise<Tokens> | undefined} */
  #refreshing;
  #channel = new BroadcastChannel('storefront');

  constructor() {
    super();
    this.#channel.addEventListener('message', ({ data }) => this.#hear(data));
  }

  get tokens() {
    return this.#tokens;
  }

  /** Resolves to whether another tab is signed in; then this one is too. */
  async ask() {
    const answer = new Promise((resolve) => {
      this.addEventListener('told', () => resolve(true), { once: true });
      setTimeout(resolve, patience, false);
    });
    this.#channel.postMessage({ type: 'ask' });
    return answer;
  }

  /** Signs in, here and in the other tabs. */
  begin(tokens) {
    this.#take(tokens);
    this.#channel.postMessage({ type: 'tokens', tokens });
  }

  /** Forgets the tokens, here and in the other tabs. */
  end() {
    this.#drop();
    this.#channel.postMessage({ type: 'end' });
  }

  /** An access token that is still good, refreshed if need be. Throws a SignInExpired. */
  async accessToken() {
    const good = this.#tokens.expiresAt - margin > Date.now();
    return (good ? this.#tokens : await this.refresh()).access;
  }

  /**
   * Gets new tokens. In this tab one refresh goes on at a time, whoever waits for it. Two tabs may do it at once: the
   * server answers both with the same refresh token, so nothing has to be locked.
   *
   * @returns {Promise<Tokens>}
   */
  refresh() {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** Refreshes here and in every other tab, in the same moment. */
  refreshEverywhere() {
    this.#channel.postMessage({ type: 'refresh' });
    return this.refresh();
  }

  async #refresh() {
    const begun = performance.now();
    const tokens = await renew(this.#tokens).catch((error) => {
      if (error instanceof SignInExpired) this.end();
      throw error;
    });
    this.begin(tokens);
    const report = { tab: this.tab, milliseconds: Math.round(performance.now() - begun), tokens };
    this.#emit('refreshed', report);
    this.#channel.postMessage({ type: 'refreshed', report });
    return tokens;
  }

  #hear({ type, tokens, report }) {
    if (type === 'ask' && this.#tokens) {
      this.#channel.postMessage({ type: 'tokens', tokens: this.#tokens });
      this.#emit('joined');
    }
    if (type === 'tokens') {
      this.#take(tokens);
      this.#emit('told');
    }
    if (type === 'refresh' && this.#tokens) this.refresh().catch((error) => this.#emit('failed', error));
    if (type === 'refreshed') this.#emit('refreshed', report);
    if (type === 'end') this.#drop();
  }

  // A tab that was slow must not bring back a refresh token that another one has used since: the server would take its
  // next use for theft.
  #take(tokens) {
    const now = this.#tokens;
    const isOlder = now && (tokens.signedInAt - now.signedInAt || tokens.renewals - now.renewals) < 0;
    if (isOlder) return;
    this.#tokens = tokens;
    this.#emit('change');
    if (!now) this.#emit('begin');
  }

  #drop() {
    this.#tokens = undefined;
    this.#emit('change');
  }

  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}
