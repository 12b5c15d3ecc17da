// The application: what happens when.

import { read, readAs } from './api.js';
import { Session } from './session.js';
import { beginSignIn, endSignIn, finishSignIn, SignInExpired } from './sign-in.js';
import { showCustomers, showNotice, showProducts, showRefresh, showSession, showTimeLeft } from './view.js';

const session = new Session();
const list = { page: 1, search: '' };

session.addEventListener('change', () => {
  showSession(session.tokens);
  // So that a reload, which forgets the tokens, goes and gets new ones.
  if (session.tokens) sessionStorage.setItem('signed-in', 'yes');
  else sessionStorage.removeItem('signed-in');
});
session.addEventListener('begin', () => attempt(() => turnTo({ page: 1 })));
session.addEventListener('refreshed', ({ detail }) => showRefresh(detail, session.tab));
session.addEventListener('failed', ({ detail }) => tell(detail));
setInterval(() => session.tokens && showTimeLeft(session.tokens), 1_000);

onClick('sign-in', beginSignIn);
onClick('sign-out', signOut);
onClick('refresh', () => session.refresh());
onClick('refresh-two', refreshInTwoTabs);
onClick('previous', () => turnTo({ page: list.page - 1 }));
onClick('next', () => turnTo({ page: list.page + 1 }));
on('search', 'submit', (event) => event.preventDefault());
on('search-text', 'input', ({ target }) => turnTo({ page: 1, search: target.value }));

await attempt(start);

async function start() {
  // The issuer's name is the address by which the authorization server is known, and this one has only one.
  if (location.hostname === 'localhost') return location.replace(location.href.replace('localhost', '127.0.0.1'));
  const products = read('/api/v1/products?size=10').then(showProducts);
  await Promise.all([products, resume()]);
}

/** Finds out who is signed in: they come back from doing so, another tab knows them, or this one did until its reload. */
async function resume() {
  if (location.pathname === '/demo/callback') {
    const callback = new URL(location.href);
    // The code leaves the address bar and the history before anything else is done.
    history.replaceState(null, '', '/demo/');
    session.begin(await finishSignIn(callback));
  } else if (!(await session.ask())) {
    if (sessionStorage.getItem('signed-in') === null) return showSession(undefined);
    sessionStorage.removeItem('signed-in');
    await beginSignIn();
  }
}

async function turnTo(change) {
  Object.assign(list, change);
  const asked = JSON.stringify(list);
  const query = new URLSearchParams({ ...list, size: 8 });
  const customers = await readAs(session, `/api/v1/customers?${query}`);
  // Somebody who types is answered for what they typed last.
  if (asked === JSON.stringify(list)) showCustomers(customers);
}

/** Opens a second tab where there is none, and refreshes in both in the same moment. */
async function refreshInTwoTabs() {
  if (!(await session.ask())) {
    const joined = new Promise((resolve) => session.addEventListener('joined', resolve, { once: true }));
    if (!window.open('/demo/', 'second-tab')) throw new Error('Allow this page to open a tab, and try again.');
    await joined;
  }
  await session.refreshEverywhere();
}

async function signOut() {
  const { tokens } = session;
  session.end();
  await endSignIn(tokens);
}

function on(id, type, handle) {
  document.getElementById(id).addEventListener(type, (event) => attempt(() => handle(event)));
}

function onClick(id, handle) {
  on(id, 'click', handle);
}

async function attempt(work) {
  try {
    showNotice();
    await work();
  } catch (error) {
    tell(error);
  }
}

function tell(error) {
  showSession(session.tokens);
  showNotice(explain(error));
}

/** An authorization server's own words are its `error_description` (RFC 6749 §4.1.2.1), else the code. */
function explain(error) {
  if (error instanceof SignInExpired) return 'Your sign-in has ended. Please sign in again.';
  if (error.error === 'access_denied') return 'You did not allow it, so you are not signed in.';
  return error.error_description ?? error.error ?? error.message;
}
