import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import request from 'supertest';
import { loadPageAssets } from '../../../src/oauth/pages/assets.ts';
import { startPages } from './page-server.ts';
import { Visitor } from './visitor.ts';

const folder = mkdtempSync(join(tmpdir(), 'garita-logo-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(name: string, content: string | Buffer): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

const load = (logo?: string, accent = '#0b6e4f') => loadPageAssets({ accent, ...(logo !== undefined && { logo }) });

describe('the style sheet and the logo', () => {
  test('are kept for ever under a name that changes with them, and are all that a page loads', async () => {
    const server = await startPages();
    const { text } = await new Visitor(server).begin();
    const loaded = [...text.matchAll(/(?:src|<link [^>]*href)="([^"]+)"/g)].map(([, url]) => url!);
    expect([...new Set(loaded)]).toEqual([
      expect.stringMatching(/^\/oauth\/assets\/style-[0-9a-f]{16}\.css$/),
      expect.stringMatching(/^\/oauth\/assets\/logo-[0-9a-f]{16}\.svg$/),
    ]);
    for (const url of loaded) {
      const { status, headers } = await request(server.app).get(url);
      expect([status, headers['cache-control']]).toEqual([200, 'public, max-age=31536000, immutable']);
      expect(headers['content-security-policy']).toMatch(/^default-src 'none';.* sandbox$/);
      expect(headers['x-content-type-options']).toBe('nosniff');
    }
  });

  test('have the accent of the configuration, and another name with another accent', async () => {
    const [green, pink] = await Promise.all([load(), load(undefined, '#e91e63')]);
    expect(green.logo.body.toString()).toContain('fill="#0b6e4f"');
    expect(pink.logo.body.toString()).not.toContain('#0b6e4f');
    expect(pink.stylesheet.name).not.toBe(green.stylesheet.name);
  });

  test.each([
    ['svg', 'image/svg+xml', '<?xml version="1.0"?>\n<!-- a logo -->\n<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['svg', 'image/svg+xml', '\ufeff<svg/>'.replace('/', ' /')],
    ['png', 'image/png', Buffer.from('89504e470d0a1a0a00', 'hex')],
    ['jpg', 'image/jpeg', Buffer.from('ffd8ffe000', 'hex')],
    ['webp', 'image/webp', Buffer.from('RIFF\n\0\0\0WEBPVP8 ', 'latin1')],
  ])('a logo is a %s by what is in it', async (extension, type, content) => {
    const { logo } = await load(fileWith('logo.bin', content));
    expect(logo).toMatchObject({ type, name: expect.stringMatching(new RegExp(`^logo-[0-9a-f]{16}\\.${extension}$`)) });
    expect(logo.body.equals(Buffer.from(content))).toBe(true);
  });

  test('a logo that cannot be used is refused by name', async () => {
    await expect(load(join(folder, 'none.png'))).rejects.toThrow(
      /none\.png: oauth\.pages\.logo: there is no such file$/,
    );
    await expect(load(folder)).rejects.toThrow(/oauth\.pages\.logo: the file cannot be read \(EISDIR\)$/);
    await expect(load(fileWith('page.svg', '<html><svg></svg></html>'))).rejects.toThrow(/no SVG, PNG, JPEG or WebP/);
    await expect(load(fileWith('big.png', Buffer.alloc(256_001)))).rejects.toThrow(/has 257 kB; up to 256 kB/);
  });
});
