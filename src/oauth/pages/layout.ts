import { type Html, html } from './html.ts';
import type { Language } from './language.ts';
import type { PageContent } from './page.ts';

/** What all pages have in common. */
export interface Brand {
  /** Whose pages these are. */
  readonly name: string;
  /** Where the style sheet and the logo are. */
  readonly stylesheet: string;
  readonly logo: string;
}

/** A whole document. The logo says nothing that the name beside it does not say. */
export function layout({ title, body }: PageContent, language: Language, { name, stylesheet, logo }: Brand): Html {
  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${name}</title>
<link rel="stylesheet" href="${stylesheet}">
<link rel="icon" href="${logo}">
</head>
<body>
<div class="card">
<header><img src="${logo}" alt="" height="44"><span>${name}</span></header>
<main>
${body}
</main>
</div>
</body>
</html>
`;
}
