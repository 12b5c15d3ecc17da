import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { RunningDemo, RunningService } from './demo.ts';

interface DemoClient {
  readonly id: string;
  readonly secret: string;
  readonly scopes: readonly string[];
}

type Row = readonly string[];

/** What a user reads when the demo is up: where things are, and what to try. */
export function describeDemo({ gateway: { listening, operations, pid }, services }: RunningDemo): string {
  const clients = readClients();
  return [
    '',
    'Garita is up. Ctrl-C stops the gateway and everything behind it.',
    '',
    ...align([
      ['Storefront', `${listening}/demo/`, 'sign in as ada@example.com with demo-only-password'],
      ['Gateway', listening, `process ${pid}`],
      ['', `${listening}/.well-known/oauth-authorization-server`, 'what the authorization server can do'],
      ['', `${listening}/.well-known/jwks.json`, 'the keys that verify its tokens'],
      ['Operations', operations, ''],
      ['', `${operations}/readyz`, 'ready to serve?'],
      ['', `${operations}/metrics`, 'for Prometheus'],
    ]),
    '',
    'Clients, with secret and scopes',
    ...align(clients.map(({ id, secret, scopes }) => [id, secret, scopes.join(' ')])),
    '',
    'Services',
    ...align(services.map((it) => [it.instance, it.url, `process ${it.pid}`])),
    ...explainMoved(services),
    '',
    'Paste this: it gets a token, and with it a customer',
    ...describeCalls(listening, clients[0]!),
    '',
    'As an operator, in this folder',
    `  GARITA_ADMIN_TOKEN=demo-only-admin-token npm run --silent garita -- client list --admin-url ${operations}`,
    '',
    `Then try …/customers/7/status twice and see Cache-Status, or kill an instance and ask again: kill ${services[1]!.pid}`,
    '',
  ].join('\n');
}

function describeCalls(gateway: string, { id, secret }: DemoClient): string[] {
  return [
    `  TOKEN=$(curl -sS -u ${id}:${secret} -d grant_type=client_credentials \\`,
    `    ${gateway}/oauth/token | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
    `  curl -sS -i -H "Authorization: Bearer $TOKEN" ${gateway}/api/v1/customers/7; echo`,
  ];
}

function explainMoved(services: readonly RunningService[]): string[] {
  const moved = services.filter((service) => service.moved).map(({ instance }) => instance);
  if (moved.length === 0) return [];
  return [`  The usual ports of ${moved.join(', ')} are in use: these are free ones.`];
}

/** From the configuration itself, so that what is printed is what works. */
function readClients(): DemoClient[] {
  const text = readFileSync(new URL('../garita.yaml', import.meta.url), 'utf8');
  const { oauth } = parse(text) as { oauth: { clients: DemoClient[] } };
  return oauth.clients.filter(({ secret }) => secret !== undefined);
}

function align(rows: readonly Row[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')}`.trimEnd());
}
