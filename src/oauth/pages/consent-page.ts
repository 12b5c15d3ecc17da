import { isLoopback } from '../../config/issuer.ts';
import { html } from './html.ts';
import type { Page } from './page.ts';

/** What is on the consent page. */
export interface ConsentPageInput {
  readonly client: string;
  /** What people call the user; undefined when nothing is known. */
  readonly user: string | undefined;
  /** What the client wants to do, in words for people. */
  readonly scopes: readonly string[];
  readonly redirectUri: string;
  /** Where the form goes. */
  readonly action: string;
  readonly csrfToken: string;
  /** Where somebody else may sign in. */
  readonly switchUser: string;
}

/** Where users allow a client what it asks for. It says to whom they are, and where they will be sent. */
export function consentPage(input: ConsentPageInput): Page {
  const { client, user, scopes, redirectUri, action, csrfToken, switchUser } = input;
  return ({ consent }) => ({
    title: consent.plainTitle(client),
    body: html`<h1>${consent.title(html`<bdi>${client}</bdi>`)}</h1>
<p class="lead">${user === undefined ? consent.signedIn : consent.signedInAs(html`<bdi>${user}</bdi>`)}
<a href="${switchUser}">${consent.switchUser}</a></p>
${
  scopes.length > 0 &&
  html`<h2>${consent.scopes}</h2>
<ul>${scopes.map((scope) => html`<li>${scope}</li>`)}</ul>`
}
<form method="post" action="${action}">
<input type="hidden" name="csrf_token" value="${csrfToken}">
<button name="decision" value="allow">${consent.allow}</button>
<button name="decision" value="deny" class="quiet">${consent.deny}</button>
</form>
<p class="note">${whereTo(redirectUri, consent)}</p>`,
  });
}

function whereTo(redirectUri: string, consent: Parameters<Page>[0]['consent']) {
  const { protocol, hostname, host } = new URL(redirectUri);
  const place = (name: string) => html`<strong><bdi>${name}</bdi></strong>`;
  if (protocol !== 'https:' && protocol !== 'http:') return consent.afterwardsHere(place(protocol.slice(0, -1)));
  return isLoopback(hostname) ? consent.afterwardsHere(place(host)) : consent.afterwards(place(host));
}
