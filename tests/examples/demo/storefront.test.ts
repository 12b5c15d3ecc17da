import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { type RunningService, startService } from '../../support/start-service.ts';

let storefront: RunningService;
const get = (path: string, init?: RequestInit) => fetch(storefront.url + path, init);

beforeAll(async () => {
  storefront = await startService('examples/demo/storefront/main.ts', {});
});
afterAll(() => storefront.stop());

test('needs no database and says that it works', async () => {
  const health = await get('/health');
  expect([health.status, await health.json()]).toEqual([200, { status: 'ok', instance: 'storefront' }]);
});

test.each(['/demo/', '/demo/callback', '/demo/callback?code=a&state=b'])('%s is the page', async (path) => {
  const page = await get(path);
  expect(page.status).toBe(200);
  expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
  expect(await page.text()).toMatch(/<title>Storefront/);
});

test('the address without its last slash leads to the page', async () => {
  const answer = await get('/demo', { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([308, '/demo/']);
});

test('no script is allowed but its own files, and nobody may frame it', async () => {
  const { headers } = await get('/demo/');
  const rules = new Map(
    headers
      .get('content-security-policy')!
      .split('; ')
      .map((rule) => [rule.split(' ')[0]!, rule.split(' ').slice(1)]),
  );
  expect(rules.get('default-src')).toEqual(["'none'"]);
  expect(rules.get('script-src')).toEqual(["'self'"]);
  expect(rules.get('frame-ancestors')).toEqual(["'none'"]);
  expect(headers.get('referrer-policy')).toBe('no-referrer');
});

test('everything that the page and its scripts ask for is there', async () => {
  const page = await (await get('/demo/')).text();
  const asked = [...page.matchAll(/(?:src|href)="(\/demo\/[^"]+)"/g)].map(([, path]) => path!);
  for (const path of asked) {
    const file = await get(path);
    expect([path, file.status]).toEqual([path, 200]);
    if (!path.endsWith('.js')) continue;
    expect(file.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    const imports = [...(await file.text()).matchAll(/^import .* from '\.(\/[^']+)';$/gm)].map(
      ([, name]) => `/demo${name}`,
    );
    for (const found of imports) if (!asked.includes(found)) asked.push(found);
  }
  expect(asked).toContain('/demo/oauth4webapi.js');
  expect(asked).toContain('/demo/sign-in.js');
});

test('what has not changed is not sent again, and nothing else is there', async () => {
  const { headers } = await get('/demo/main.js');
  expect((await get('/demo/main.js', { headers: { 'If-None-Match': headers.get('etag')! } })).status).toBe(304);
  expect((await get('/demo/../package.json')).status).toBe(404);
  expect((await get('/demo/routes.ts')).status).toBe(404);
});

test('its client is as the configuration of the demo has it', () => {
  const { oauth } = parse(readFileSync('examples/demo/garita.yaml', 'utf8')) as {
    oauth: { clients: { id: string }[] };
  };
  const source = readFileSync('examples/demo/storefront/app/sign-in.js', 'utf8');
  expect(oauth.clients.find(({ id }) => id === 'storefront')).toMatchObject({
    type: 'public',
    scopes: [/^const scope = '(.*)';$/m.exec(source)![1]],
    redirectUris: [expect.stringMatching(/\/demo\/callback$/)],
  });
  expect(source).toContain("client_id: 'storefront'");
});
