import { jest } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { describeWithBrowser, launchBrowser } from '../support/browser.ts';
import { startTestDemo, type TestDemo } from '../support/start-demo.ts';

// A browser beside all other tests takes its time on a small machine.
jest.setTimeout(60_000);

/** Set to a folder to look at what the browser showed. */
const shots = process.env.SHOTS;

describeWithBrowser('the storefront of the demo, in a browser', () => {
  let demo: TestDemo;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** What no page should say: errors of scripts, and what the rules about content have stopped. */
  let complaints: string[];

  beforeAll(async () => {
    [demo, browser] = await Promise.all([startTestDemo(), launchBrowser()]);
  });
  afterAll(() => Promise.all([browser.close(), demo.close()]));

  beforeEach(async () => {
    complaints = [];
    context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1200, height: 900 } });
    context.setDefaultTimeout(20_000);
    context.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    context.on('weberror', (error) => complaints.push(error.error().message));
    page = await context.newPage();
    await page.goto(`${demo.url}/demo/`);
  });
  afterEach(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });

  /** On a desktop in the light, and on a phone in the dark. */
  async function show(name: string): Promise<void> {
    if (!shots) return;
    for (const [device, width, colorScheme] of [
      ['phone', 390, 'dark'],
      ['desktop', 1200, 'light'],
    ] as const) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: `${shots}/storefront-${name}-${device}.png`, fullPage: true });
    }
  }
  const button = (name: string, on: Page = page) => on.getByRole('button', { name, exact: true });
  const customerRows = (on: Page = page) => on.locator('#customer-rows tr');
  const refreshTokens = (on: Page) => on.locator('#refresh-rows tr td:last-child').allTextContents();

  async function typePassword(): Promise<void> {
    await page.getByLabel('Username').fill('ada@example.com');
    await page.getByLabel('Password').fill('demo-only-password');
    await button('Sign in').click();
  }

  async function signIn(): Promise<void> {
    await button('Sign in').click();
    await typePassword();
    const allowed = button('Allow');
    await allowed.or(customerRows().first()).first().waitFor();
    if (await allowed.isVisible()) {
      await show('consent');
      await allowed.click();
    }
    await customerRows().first().waitFor();
  }

  test('products without signing in, customers after it, and no token where the disk or another script finds it', async () => {
    await page.locator('#product-cards li').first().waitFor();
    expect(await customerRows().count()).toBe(0);
    await signIn();
    expect(page.url()).toBe(`${demo.url}/demo/`);
    expect(await page.locator('#user').textContent()).toBe('Ada Lovelace');
    expect(await customerRows().count()).toBe(8);
    await show('signed-in');

    await page.getByLabel('Search customers').fill('nobody is called that');
    await page.getByText('Nobody found').waitFor();
    await page.getByLabel('Search customers').fill('');
    await button('Next').click();
    await page.getByText('Page 2 of').waitFor();

    const stored = await page.evaluate('JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])');
    expect(stored).toBe('[{},{"signed-in":"yes"},""]');
  });

  test('two tabs refresh at once, get the same refresh token, and both go on', async () => {
    await signIn();
    const opened = context.waitForEvent('page');
    await button('Refresh in two tabs at once').click();
    const other = await opened;
    for (const tab of [page, other]) await tab.locator('#refresh-rows tr').nth(1).waitFor();
    const [[first, second], inOther] = [await refreshTokens(page), await refreshTokens(other)];
    expect(first).toMatch(/^[0-9a-f]{8}$/);
    expect([second, ...inOther]).toEqual([first, first, first]);
    await page.getByText('What it says to the API').click();
    await show('two-tabs');

    for (const [tab, count] of [
      [other, 3],
      [page, 4],
      [other, 5],
    ] as const) {
      await tab.bringToFront();
      await button('Refresh', tab).click();
      await page
        .locator('#refresh-rows tr')
        .nth(count - 1)
        .waitFor();
    }
    expect(new Set(await refreshTokens(page)).size).toBe(4);
    await button('Next', other).click();
    await other.getByText('Page 2 of').waitFor();
  });

  test('a reload forgets the tokens and gets new ones without a page', async () => {
    await signIn();
    await page.reload();
    await customerRows().first().waitFor();
    expect(page.url()).toBe(`${demo.url}/demo/`);
  });

  test('signing out ends it everywhere: in the other tab, and for the next one who wants to sign in', async () => {
    await signIn();
    const other = await context.newPage();
    await other.goto(`${demo.url}/demo/`);
    await customerRows(other).first().waitFor();

    await button('Sign out').click();
    await page.waitForURL('**/oauth/logout**');
    await show('sign-out');
    await page.locator('main button').click();
    await page.waitForURL(`${demo.url}/demo/`);
    await button('Sign in').waitFor();
    await button('Sign in', other).waitFor();
    expect(await customerRows(other).count()).toBe(0);

    await button('Sign in').click();
    await page.getByLabel('Password').waitFor();
  });

  test('who does not allow it is told so, and is not signed in', async () => {
    const someone = { username: 'rosa', password: 'a long enough password', email: 'rosa@example.com' };
    await fetch(`${demo.url}/api/v1/users`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ ...someone, displayName: 'Rosa' }),
    });
    await button('Sign in').click();
    await page.getByLabel('Username').fill(someone.username);
    await page.getByLabel('Password').fill(someone.password);
    await button('Sign in').click();
    await button('Do not allow').click();
    await page.getByText('You did not allow it').waitFor();
    expect(await button('Sign in').isVisible()).toBe(true);
  });

  test('when the grant was revoked meanwhile, the user is asked to sign in again', async () => {
    await signIn();
    const { status } = await fetch(`${demo.operationsUrl}/admin/revocations`, {
      method: 'POST',
      headers: { Authorization: 'Bearer demo-only-admin-token', 'Content-Type': 'application/json' },
      body: JSON.stringify({ level: 'client', id: 'storefront' }),
    });
    expect(status).toBeLessThan(300);
    await button('Next').click();
    await page.getByText('Please sign in again').waitFor();
    await show('ended');
    expect(await button('Sign in').isVisible()).toBe(true);
    complaints = complaints.filter((text) => !/status of 40[01]/.test(text));
  });
});
