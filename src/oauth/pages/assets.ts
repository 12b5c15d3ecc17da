import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { PagesConfig } from '../../config/sign-in.ts';
import type { Endpoint } from '../endpoint.ts';
import { fitAccent } from './accent.ts';
import { readLogo } from './logo.ts';

/** A file that pages need. Its name changes with what is in it, so that browsers may keep it for ever. */
export interface Asset {
  readonly name: string;
  readonly type: string;
  readonly body: Buffer;
}

/** What pages need beside their HTML. */
export interface PageAssets {
  readonly stylesheet: Asset;
  readonly logo: Asset;
}

/** The grounds that text stands on, in each scheme; the first is that of the card. */
const grounds = {
  light: ['#ffffff', '#f5f4ef'],
  dark: ['#191e1c', '#101412'],
} as const;

/** The accent in the drawing of the logo. */
const drawnAccent = '#0b6e4f';

/**
 * Reads the files of the pages and colours them.
 *
 * @param logo absolute name of a file; the guardhouse when undefined
 * @throws ConfigError when the logo cannot be used
 */
export async function loadPageAssets({ accent, logo }: Pick<PagesConfig, 'accent' | 'logo'>): Promise<PageAssets> {
  const [style, drawing] = await Promise.all(
    ['style.css', 'garita.svg'].map((name) => readFile(new URL(name, import.meta.url), 'utf8')),
  );
  const { color } = fitAccent(accent, grounds.light);
  const own = { type: 'image/svg+xml', extension: 'svg', body: Buffer.from(drawing!.replaceAll(drawnAccent, color)) };
  const image = logo === undefined ? own : await readLogo(logo);
  const sheet = Buffer.from(coloursOf(accent) + style);
  return {
    stylesheet: { name: nameOf('style', sheet, 'css'), type: 'text/css; charset=utf-8', body: sheet },
    logo: { name: nameOf('logo', image.body, image.extension), type: image.type, body: image.body },
  };
}

/** Serves a file for ever. A logo that is opened by itself runs nothing, whatever is in it. */
export function createAssetEndpoint({ type, body }: Asset): Endpoint {
  return {
    methods: ['GET', 'HEAD'],
    handle(_req, res) {
      res.set({
        'Content-Type': type,
        'Cache-Control': 'public, max-age=31536000, immutable',
        'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        'Cross-Origin-Resource-Policy': 'same-origin',
        'X-Content-Type-Options': 'nosniff',
      });
      res.send(body);
    },
  };
}

function coloursOf(accent: string): string {
  const of = (scheme: keyof typeof grounds) => {
    const { color, on } = fitAccent(accent, grounds[scheme]);
    const [card, ground] = grounds[scheme];
    return `:root{--accent:${color};--on-accent:${on};--card:${card};--ground:${ground}}`;
  };
  return `${of('light')}\n@media (prefers-color-scheme: dark){${of('dark')}}\n`;
}

const nameOf = (stem: string, body: Buffer, extension: string): string =>
  `${stem}-${hash('sha256', body, 'hex').slice(0, 16)}.${extension}`;
