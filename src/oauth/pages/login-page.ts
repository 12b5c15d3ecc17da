import type { SignInResult } from '../users/sign-in.ts';
import { type Html, html } from './html.ts';
import type { Messages } from './messages/messages.ts';
import type { Page } from './page.ts';

/** Why somebody is still on the page: a field is empty, or what became of the attempt. */
export type LoginProblem = { readonly outcome: 'incomplete' } | Exclude<SignInResult, { readonly outcome: 'ok' }>;

/** What is on the login page. */
export interface LoginPageInput {
  readonly client: string;
  /** Where the form goes. */
  readonly action: string;
  readonly csrfToken: string;
  /** What was typed before; the password is not among it. */
  readonly username?: string | undefined;
  readonly problem?: LoginProblem;
}

/** Where users say who they are. The field to type in next has the focus, and screen readers hear of the problem there. */
export function loginPage({ client, action, csrfToken, username, problem }: LoginPageInput): Page {
  const next = username === undefined ? 'username' : 'password';
  const doubtful = problem?.outcome === 'wrong' || problem?.outcome === 'incomplete';
  const attributesOf = (field: 'username' | 'password') =>
    html`${field === next && html` autofocus`}${problem && html` aria-describedby="problem"`}${doubtful && html` aria-invalid="true"`}`;
  return (messages) => ({
    title: messages.signIn.title,
    body: html`<h1>${messages.signIn.title}</h1>
<p class="lead">${messages.signIn.to(html`<bdi>${client}</bdi>`)}</p>
${problem && alert(explain(problem, messages))}
<form method="post" action="${action}">
<input type="hidden" name="csrf_token" value="${csrfToken}">
<label for="username">${messages.signIn.username}</label>
<input id="username" name="username" type="text" value="${username}" autocomplete="username" autocapitalize="none" spellcheck="false" required${attributesOf('username')}>
<label for="password">${messages.signIn.password}</label>
<input id="password" name="password" type="password" autocomplete="current-password" required${attributesOf('password')}>
<button>${messages.signIn.submit}</button>
</form>`,
  });
}

const alert = (text: string): Html => html`<p class="alert" id="problem" role="alert">${text}</p>`;

function explain(problem: LoginProblem, { signIn }: Messages): string {
  return problem.outcome === 'throttled' ? signIn.throttled(problem.retryAfter) : signIn[problem.outcome];
}
