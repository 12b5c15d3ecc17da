import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { describeWithBrowser, launchBrowser } from '../../support/browser.ts';
import { type PageServer, type PageServerOptions, password, startPages, webClient } from './page-server.ts';

const running: Server[] = [];

async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  running.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const showShop: RequestListener = (_request, response) =>
  void response.setHeader('Content-Type', 'text/html').end('<h1>Shop</h1>');

/** The pages at an address of their own, with a client at another one. */
async function startSite(options: PageServerOptions = {}, answerShop: RequestListener = showShop) {
  let handler: RequestListener = (_request, response) => response.end();
  const issuer = await listen((request, response) => handler(request, response));
  const shop = await listen(answerShop);
  const uris = { redirectUris: [`${shop}/callback`], postLogoutRedirectUris: [`${shop}/bye`] };
  const clients = [webClient('shop', uris)];
  const server: PageServer = await startPages({ ...options, issuer, clients });
  handler = server.app;
  const start = `${issuer}/oauth/authorize?response_type=code&client_id=shop&state=s&scope=customers:read`;
  return { server, issuer, shop, start };
}

describeWithBrowser('in a browser', () => {
  let browser: Browser;
  let context: BrowserContext | undefined;

  beforeAll(async () => {
    browser = await launchBrowser();
  });
  afterEach(async () => {
    await context?.close();
    for (const server of running.splice(0)) server.close();
  });
  afterAll(() => browser?.close());

  /** A page, and what goes wrong on it: messages on the console, requests to anywhere but here. */
  async function open(site: { readonly issuer: string; readonly shop: string }, options = {}) {
    context = await browser.newContext({ locale: 'en-GB', ...options });
    context.setDefaultTimeout(15_000);
    const page = await context.newPage();
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      const { origin } = new URL(request.url());
      if (![site.issuer, site.shop].includes(origin)) complaints.push(request.url());
    });
    return { page, complaints };
  }

  async function signIn(page: Page): Promise<void> {
    await page.fill('#username', 'ada@example.com');
    await page.fill('#password', password);
    await page.click('main button');
  }

  test('a keyboard is enough to sign in, allow and sign out', async () => {
    const site = await startSite();
    const { page, complaints } = await open(site);
    await page.goto(site.start);
    await page.waitForSelector('#username:focus');
    await page.keyboard.type('ada@example.com');
    await page.keyboard.press('Tab');
    await page.keyboard.type(password);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/oauth\/consent/);
    const order: string[] = [];
    for (let presses = 0; presses < 3; presses += 1) {
      await page.keyboard.press('Tab');
      order.push(await page.evaluate('document.activeElement.textContent'));
    }
    expect(order).toEqual(['Not you?', 'Allow', 'Do not allow']);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${site.shop}/**`);
    expect(page.url()).toMatch(/\/callback\?code=gac_[^&]+&state=s&iss=/);

    const bye = encodeURIComponent(`${site.shop}/bye`);
    await page.goto(`${site.issuer}/oauth/logout?client_id=shop&post_logout_redirect_uri=${bye}`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${site.shop}/bye`);
    expect(await context!.cookies()).toMatchObject([{ name: 'garita-browser', httpOnly: true, sameSite: 'Lax' }]);
    expect(complaints).toEqual([]);
  });

  test('a wrong password is said where the next thing is typed, and sends nobody away', async () => {
    const site = await startSite();
    const { page } = await open(site);
    await page.goto(site.start);
    await page.fill('#username', 'ada@example.com');
    await page.fill('#password', 'guess');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[role=alert]');
    const focused = await page.evaluate(
      "[document.activeElement.id, document.getElementById(document.activeElement.getAttribute('aria-describedby')).textContent]",
    );
    expect(focused).toEqual([
      'password',
      'That email or username and password do not go together. Check both and try again.',
    ]);
    expect(await page.inputValue('#password')).toBe('');
    await page.fill('#password', password);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/oauth\/consent/);
  });

  test('a second click, while the client takes its time, leads where the first one did', async () => {
    const arrivals: string[] = [];
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const site = await startSite({}, (request, response) => {
      if (arrivals.push(request.url!) === 1) return first.resolve();
      showShop(request, response);
      second.resolve();
    });
    const { page } = await open(site);
    await page.goto(site.start);
    await signIn(page);
    await page.waitForURL(/\/oauth\/consent/);
    const { x, y } = (await page.locator('button[value=allow]').boundingBox())!;
    await page.mouse.click(x + 9, y + 9);
    await first.promise;
    await page.mouse.click(x + 9, y + 9);
    // Waiting for the URL would see the first visit, which the second click aborts.
    await second.promise;
    expect(arrivals[1]).toBe(arrivals[0]);
    expect(await site.server.stores.grants.list({}, { limit: 10 }, site.server.now)).toHaveLength(1);
  });

  test('nothing else than the client is told when the user refuses', async () => {
    const site = await startSite();
    const { page } = await open(site);
    await page.goto(site.start);
    await signIn(page);
    await page.click('text=Do not allow');
    await page.waitForURL(`${site.shop}/**`);
    expect(new URL(page.url()).searchParams.get('error')).toBe('access_denied');
  });

  test('a form on another site cannot sign anybody out', async () => {
    const site = await startSite();
    const { page } = await open(site);
    await page.goto(site.start);
    await signIn(page);
    await page.waitForURL(/\/oauth\/consent/);
    await page.goto(site.shop);
    await page.setContent(`<form method="post" action="${site.issuer}/oauth/logout"><button>Win</button></form>`);
    await page.click('text=Win');
    await page.waitForSelector('text=We stopped for your safety');
    await page.goto(`${site.issuer}/oauth/logout`);
    expect(await page.textContent('h1')).toBe('Sign out?');
  });

  test.each(['en-GB', 'es-MX'])(
    'everything fits on a small phone, and can be hit with a finger (%s)',
    async (locale) => {
      const site = await startSite({
        pages: { name: 'Ayuntamiento de San Sebastián de los Caballeros y alrededores' },
      });
      const { page } = await open(site, { viewport: { width: 360, height: 640 }, locale, hasTouch: true });
      const seen: unknown[] = [];
      const look = async () => seen.push(await page.evaluate(measure));
      await page.goto(site.start);
      await look();
      await page.fill('#username', 'unlucky@a-very-long-name-of-a-domain-that-never-ends.example.com');
      await page.fill('#password', 'guess');
      await page.keyboard.press('Enter');
      await page.waitForSelector('[role=alert]');
      await look();
      await page.fill('#username', 'ada@example.com');
      await page.fill('#password', password);
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/oauth\/consent/);
      await look();
      await page.goto(`${site.issuer}/oauth/logout`);
      await look();
      await page.goto(`${site.issuer}/oauth/login`);
      await look();
      expect(seen).toEqual(Array(5).fill({ width: 360, tooSmall: [] }));
    },
  );

  test.each(
    ['#0b6e4f', '#ffdd00', '#102040'].flatMap((accent) =>
      (['light', 'dark'] as const).map((scheme) => [accent, scheme] as const),
    ),
  )('everything can be read with the accent %s when it is %s', async (accent, colorScheme) => {
    const site = await startSite({ pages: { accent } });
    const { page } = await open(site, { colorScheme });
    const worst: number[] = [];
    const look = async () => worst.push(Math.min(...(await page.evaluate<number[]>(contrasts))));
    await page.goto(site.start);
    await look();
    await page.fill('#username', 'x');
    await page.fill('#password', 'x');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[role=alert]');
    await look();
    await signIn(page);
    await page.waitForURL(/\/oauth\/consent/);
    await look();
    expect(Math.min(...worst)).toBeGreaterThanOrEqual(4.5);
    expect(worst).not.toContain(Number.POSITIVE_INFINITY);
  });
});

/** Runs in the page: how wide it is, and what is too small for a finger (WCAG 2.2, 2.5.5). */
const measure = `(() => ({
  width: document.documentElement.scrollWidth,
  tooSmall: [...document.querySelectorAll('a, button, input:not([type=hidden])')]
    .filter((it) => it.getBoundingClientRect().height < 44)
    .map((it) => it.outerHTML),
}))()`;

/** Runs in the page: the contrast of every text with what it stands on (WCAG 2.2, 1.4.3). */
const contrasts = `(() => {
  const parse = (color) => color.match(/[\\d.]+/g).map(Number);
  const luminance = (color) => {
    const [r, g, b] = color.map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const groundOf = (element) => {
    const color = parse(getComputedStyle(element).backgroundColor);
    return color[3] === 0 && element.parentElement ? groundOf(element.parentElement) : color;
  };
  const texts = [...document.querySelectorAll('body *')].filter((element) =>
    element.matches('input:not([type=hidden])') || [...element.childNodes].some((it) => it.nodeType === 3 && it.data.trim()));
  return texts.map((element) => {
    const pair = [luminance(parse(getComputedStyle(element).color)), luminance(groundOf(element))].sort((a, b) => a - b);
    return (pair[1] + 0.05) / (pair[0] + 0.05);
  });
})()`;
