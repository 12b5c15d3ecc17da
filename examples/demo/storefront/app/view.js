// What the page shows. Text is only ever set as text, so nothing that a service says can become markup.

import { fingerprint, readClaims } from './claims.js';

const $ = (id) => document.getElementById(id);

/** An element with these properties and children. */
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Shows what went wrong, or nothing any more. */
export function showNotice(text = '') {
  $('notice').textContent = text;
  $('notice').hidden = text === '';
}

/** Shows the page of a user, or of nobody when there are no tokens. */
export function showSession(tokens) {
  const isSignedIn = tokens !== undefined;
  for (const id of ['user', 'sign-out', 'customers-content', 'token']) $(id).hidden = !isSignedIn;
  for (const id of ['sign-in', 'invitation']) $(id).hidden = isSignedIn;
  if (!isSignedIn) {
    // Hiding is not enough: what a user saw is not for whoever comes after them.
    for (const id of ['user', 'claims', 'customer-rows', 'refresh-rows']) $(id).replaceChildren();
    $('search').reset();
    $('refreshes').hidden = true;
    return;
  }
  const claims = readClaims(tokens.access);
  $('user').textContent = claims.name ?? claims.preferred_username ?? claims.sub;
  $('life').max = claims.exp - claims.iat;
  showTimeLeft(tokens);
  $('claims').replaceChildren(
    ...Object.entries(claims).flatMap(([name, value]) => [
      make('dt', { textContent: name }),
      make('dd', { textContent: describeClaim(name, value) }),
    ]),
  );
}

function describeClaim(name, value) {
  if (['exp', 'iat', 'auth_time'].includes(name)) return `${value} (${new Date(value * 1_000).toLocaleTimeString()})`;
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Shows how long the access token is still good. */
export function showTimeLeft({ expiresAt }) {
  const seconds = Math.max(0, Math.round((expiresAt - Date.now()) / 1_000));
  const [minutes, rest] = [Math.floor(seconds / 60), String(seconds % 60).padStart(2, '0')];
  $('life').value = seconds;
  $('time-left').textContent =
    seconds > 0 ? `Good for ${minutes}:${rest}` : 'Expired: the next call of the API refreshes it';
}

/** Adds a refresh to the list of them. */
export async function showRefresh({ tab, milliseconds, tokens }, ownTab) {
  const marks = [await fingerprint(tokens.access), await fingerprint(tokens.refresh)];
  $('refreshes').hidden = false;
  $('refresh-rows').prepend(
    make(
      'tr',
      {},
      make('td', { textContent: tab === ownTab ? 'this' : tab }),
      make('td', { textContent: `${milliseconds} ms` }),
      ...marks.map((mark) => make('td', {}, make('code', { textContent: mark }))),
    ),
  );
  for (const old of [...$('refresh-rows').children].slice(6)) old.remove();
}

/** Shows a page of customers. */
export function showCustomers({ items, page, pages, total, instance }) {
  $('customer-rows').replaceChildren(
    ...items.map(({ name, email, city, status }) =>
      make(
        'tr',
        {},
        make('th', { scope: 'row', textContent: name }),
        make('td', { textContent: email }),
        make('td', { textContent: city }),
        make('td', {}, make('span', { className: `status ${status}`, textContent: status })),
      ),
    ),
  );
  $('page').textContent = total === 0 ? 'Nobody found' : `Page ${page} of ${pages} · from ${instance}`;
  $('previous').disabled = page <= 1;
  $('next').disabled = page >= pages;
}

/** Shows products. */
export function showProducts({ items }) {
  $('product-cards').replaceChildren(
    ...items.map(({ name, category, priceCents, currency, stock }) =>
      make(
        'li',
        {},
        make('small', { textContent: category }),
        make('h3', { textContent: name }),
        make('p', { className: 'price', textContent: formatPrice(priceCents, currency) }),
        make('small', { textContent: stock > 0 ? `${stock} in stock` : 'Sold out' }),
      ),
    ),
  );
}

const formatPrice = (cents, currency) =>
  new Intl.NumberFormat(undefined, { style: 'currency', currency }).format(cents / 100);
