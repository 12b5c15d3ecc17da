import { parseConfig } from '../../../src/config/load.ts';
import { describeRoutes } from '../../../src/operations/admin/describe-routes.ts';
import { linkConfig } from '../../../src/plan/compile.ts';

const text = `
version: 1
issuer: http://127.0.0.1:8080
oauth: { scopes: { "customers:read": See customers } }
services:
  customers:
    instances: [http://127.0.0.1:7101]
    access: { scopes: ["customers:read"] }
    policies: [{ use: cache, with: { fresh: 30s } }]
routes:
  - id: customers.read
    match: { methods: [GET], hosts: [api.example.com], path: "/api/customers/*", headers: { x-beta: "1" } }
    to: { service: customers, path: "/customers/*" }
    policies: [{ use: rate-limit, with: { limit: 5, per: 1m } }]
  - id: customers.open
    priority: 7
    match: { pattern: "^/open/(?<id>[0-9]+)$" }
    to: { service: customers }
    access: public
    policies: [{ use: cache, enabled: false }]
`;

test('a route is shown with what it inherits, and policies in the order in which they act', () => {
  const { config, source } = parseConfig(text, { file: 'garita.yaml', environment: {} });
  expect(describeRoutes(linkConfig(config, source))).toEqual([
    {
      id: 'customers.read',
      methods: ['GET'],
      hosts: ['api.example.com'],
      path: '/api/customers/*',
      headers: { 'x-beta': '1' },
      priority: 0,
      service: 'customers',
      to: '/customers/*',
      access: { kind: 'authenticated', scopes: { all: ['customers:read'], any: [] } },
      policies: ['rate-limit', 'cache'],
    },
    {
      id: 'customers.open',
      pattern: '^/open/(?<id>[0-9]+)$',
      priority: 7,
      service: 'customers',
      access: { kind: 'public' },
      policies: [],
    },
  ]);
});
