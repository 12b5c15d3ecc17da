import { html } from './html.ts';
import type { Page } from './page.ts';
import type { PageProblem } from './page-error.ts';

/** Says what to do about a problem, and nothing of what was sent. */
export function errorPage(problem: PageProblem): Page {
  return ({ problems }) => {
    const { title, text } = problems[problem];
    return { title, body: html`<h1>${title}</h1>\n<p class="lead">${text}</p>` };
  };
}
