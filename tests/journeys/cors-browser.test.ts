import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jest } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { describeWithBrowser, launchBrowser } from '../support/browser.ts';
import { reply, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { startGateway, type TestGateway } from '../support/start-gateway.ts';

// A browser beside all other tests takes its time on a small machine.
jest.setTimeout(60_000);

describeWithBrowser('a page of another origin, in a browser', () => {
  let browser: Browser;
  let site: Server;
  let page: Page;
  let gateway: TestGateway;

  beforeAll(async () => {
    site = createServer((_request, response) => response.setHeader('Content-Type', 'text/html').end('<h1>Shop</h1>'));
    await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser.close();
    site.close();
  });

  beforeEach(async () => {
    const origin = `http://127.0.0.1:${(site.address() as AddressInfo).port}`;
    const upstream = await startScriptedUpstream(
      (request, socket) => void socket.write(reply(200, ['Access-Control-Allow-Origin: *'], request.method)),
    );
    gateway = await startGateway(`
services: { things: { instances: ["${upstream.url}"] } }
routes:
  - id: closed
    match: { path: /closed }
    to: { service: things }
    access: public
    policies: [{ use: cors, with: { origins: "https://other.example.com" } }]
  - id: things
    match: { methods: [GET, PUT], path: /things }
    to: { service: things }
    access: { scopes: [read] }
    policies:
      - { use: cors, with: { origins: "${origin}" } }
      - { use: rate-limit, with: { limit: 2, per: 1m } }
`);
    page = await browser.newPage();
    await page.goto(origin);
  });

  /** What a script of the page sees of a request: its status, body and fields, or that it sees nothing. */
  const fetchInPage = (path: string, init: RequestInit): Promise<unknown> =>
    page.evaluate(
      `fetch(${JSON.stringify(gateway.url + path)}, ${JSON.stringify(init)}).then(
        async (reply) => [reply.status, (await reply.text()).slice(0, 40), reply.headers.get('ratelimit'), reply.headers.get('www-authenticate'), reply.headers.get('x-request-id') !== null],
        () => 'nothing')`,
    );

  test('reads replies and refusals of the routes that admit it, and of no others', async () => {
    const authorization = { Authorization: await gateway.bearer() };
    const put = { method: 'PUT', headers: { ...authorization, 'Content-Type': 'application/json' }, body: '{}' };
    expect(await fetchInPage('/things', put)).toEqual([200, 'PUT', '"client";r=1;t=60', null, true]);
    expect(await fetchInPage('/things', {})).toEqual([401, expect.any(String), null, 'Bearer realm="garita"', true]);
    expect(await fetchInPage('/things', { headers: authorization })).toEqual([
      ...[200, 'GET', '"client";r=0;t=60', null, true],
    ]);
    expect(await fetchInPage('/things', { headers: authorization })).toEqual([
      ...[429, expect.stringContaining('problem:rate-limited'), expect.stringContaining('r=0'), null, true],
    ]);
    expect(await fetchInPage('/things', { headers: { ...authorization, 'X-Unheard-Of': '1' } })).toBe('nothing');
    expect(await fetchInPage('/things', { method: 'DELETE', headers: authorization })).toBe('nothing');
    expect(await fetchInPage('/closed', {})).toBe('nothing');
  });
});
