import { readFileSync } from 'node:fs';
import { entityTag } from '../service/entity-tag.ts';
import { jsonReply, type Reply } from '../service/reply.ts';
import type { Routes } from '../service/router.ts';

const types: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

const scripts = ['main.js', 'sign-in.js', 'session.js', 'api.js', 'claims.js', 'view.js'];

/**
 * What keeps a script that somebody smuggled in from running, and the page out of other people's frames: an application
 * that holds tokens is worth that much. There is nothing inline, and text never becomes markup.
 */
const guarded = {
  'Content-Security-Policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  // The address of the callback has a code in it: nobody is told where a reader came from.
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** The storefront's files below /demo/, and the library that it signs in with, as npm delivers it. */
export function storefrontRoutes(instance: string): Routes {
  const page = fileReply(new URL('app/index.html', import.meta.url));
  const files = ['style.css', 'icon.svg', ...scripts].map((name) => [name, new URL(`app/${name}`, import.meta.url)]);
  const library = ['oauth4webapi.js', new URL(import.meta.resolve('oauth4webapi'))];
  return {
    '/health': { GET: () => jsonReply({ status: 'ok', instance }, { 'Cache-Control': 'no-store' }) },
    '/demo': { GET: () => ({ status: 308, headers: { Location: '/demo/' }, body: '' }) },
    '/demo/': { GET: () => page },
    '/demo/callback': { GET: () => page },
    ...Object.fromEntries(
      ([...files, library] as [string, URL][]).map(([name, url]) => {
        const reply = fileReply(url);
        return [`/demo/${name}`, { GET: () => reply }];
      }),
    ),
  };
}

function fileReply(url: URL): Reply {
  const body = readFileSync(url, 'utf8');
  const type = types[url.pathname.slice(url.pathname.lastIndexOf('.') + 1)]!;
  return {
    status: 200,
    headers: { 'Content-Type': type, 'Cache-Control': 'no-cache', ETag: entityTag(body), ...guarded },
    body,
  };
}
