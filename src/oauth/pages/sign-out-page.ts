import { html } from './html.ts';
import type { Page } from './page.ts';

/** What is on the page that asks before signing out. */
export interface SignOutPageInput {
  /** Where the form goes. */
  readonly action: string;
  readonly csrfToken: string;
  /** What else the form sends. */
  readonly fields: ReadonlyMap<string, string>;
}

/** Asks before signing out: a link from elsewhere must not do that by itself. */
export function signOutPage({ action, csrfToken, fields }: SignOutPageInput): Page {
  return ({ signOut }) => ({
    title: signOut.title,
    body: html`<h1>${signOut.title}</h1>
<p class="lead">${signOut.text}</p>
<form method="post" action="${action}">
<input type="hidden" name="csrf_token" value="${csrfToken}">
${[...fields].map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">\n`)}<button>${signOut.submit}</button>
</form>`,
  });
}

/** Says that nobody is signed in, with the way back to the client, if there is one. */
export function signedOutPage(back?: { readonly client: string; readonly url: string }): Page {
  return ({ signOut }) => ({
    title: signOut.done,
    body: html`<h1>${signOut.done}</h1>
<p class="lead">${signOut.doneText}</p>
${back && html`<p><a class="button" href="${back.url}">${signOut.back(html`<bdi>${back.client}</bdi>`)}</a></p>`}`,
  });
}
