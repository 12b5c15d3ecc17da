import type { Router } from 'express';
import request from 'supertest';
import * as z from 'zod';
import { adminCodes } from '../../../src/operations/admin/admin-error.ts';
import { keepGrant } from '../../oauth/administration/administered.ts';
import { adminToken, createOperator, type Operator } from './operator.ts';

interface Described {
  readonly operationId: string;
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: object }>> };
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

interface Description {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

const describeIt = async ({ as }: Operator): Promise<Description> => (await as('get', '/openapi.json')).body;

const operationsOf = ({ paths }: Description) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );

/** A schema of the description that can be tried on values. */
function schemaOf(schema: object, { components }: Description): z.ZodType {
  const text = JSON.stringify({ ...schema, $defs: components.schemas });
  return z.fromJSONSchema(JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/')));
}

test('each operation is served, and each that is served is described', async () => {
  const operator = await createOperator();
  const described = operationsOf(await describeIt(operator)).map(({ path, method }) => `${method} ${path}`);
  expect(described).toHaveLength(21);
  const api = operator.adminApi as unknown as { stack: Router['stack'] };
  const served = api.stack.flatMap(({ route }) =>
    (route?.stack ?? [])
      .filter(({ method }) => method !== undefined)
      .map(({ method }) => `${method} ${route!.path.replaceAll(/:(\w+)/g, '{$1}')}`),
  );
  expect(described.sort()).toEqual(served.sort());
});

test('names are unique, every reference leads somewhere, and every code is possible somewhere', async () => {
  const description = await describeIt(await createOperator());
  expect(description.openapi).toBe('3.1.0');
  const ids = operationsOf(description).map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const text = JSON.stringify(description);
  const references = [...text.matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference]) => reference!);
  const known = Object.keys(description.components.schemas).map((name) => `#/components/schemas/${name}`);
  expect([...new Set(references)].sort()).toEqual(known.sort());
  const elsewhere = ['ADMIN_BAD_REQUEST', 'ADMIN_UNKNOWN_PATH', 'ADMIN_METHOD_NOT_ALLOWED'];
  const possible = Object.keys(adminCodes).filter((code) => text.includes(`\`${code}\``));
  expect([...possible, ...elsewhere].sort()).toEqual(Object.keys(adminCodes).sort());
  expect(text).toContain('"description":"Shown here and never again."');
});

test('bodies and answers are as described', async () => {
  const operator = await createOperator();
  const description = await describeIt(operator);
  const { administered } = operator;
  await keepGrant(administered, 'g1');
  await keepGrant(administered, 'g2');
  const tried = new Set<string>();

  async function call(method: string, path: string, id: string, body?: object): Promise<void> {
    const operation = operationsOf(description).find(({ operation: it }) => it.operationId === id)!.operation;
    const described = operation.requestBody?.content['application/json']?.schema;
    if (body !== undefined) schemaOf(described!, description).parse(body);
    const answer = await operator.as(method as 'get', path, body);
    expect(Object.keys(operation.responses)).toContain(String(answer.status));
    const content = operation.responses[answer.status]?.content;
    if (content === undefined) expect(answer.text).toBe('');
    else schemaOf(content[answer.type]!.schema, description).parse(answer.body);
    tried.add(id);
  }

  const app = {
    id: 'storefront',
    type: 'public',
    grants: ['authorization_code', 'refresh_token'],
    redirectUris: ['https://shop.example/callback'],
    refreshTokens: { max: '7d' },
  };
  await call('post', '/clients', 'addClient', { id: 'reports', grants: ['client_credentials'], claims: { tier: 1 } });
  await call('post', '/clients', 'addClient', app);
  await call('post', '/clients', 'addClient', { ...app, pkce: 'optional' });
  await call('post', '/clients/reports/secret', 'rotateClientSecret', { overlap: 60 });
  await call('post', '/clients/reports/secret', 'rotateClientSecret');
  await call('get', '/clients?limit=1', 'listClients');
  await call('get', '/clients?limit=0', 'listClients');
  await call('get', '/clients/back-office', 'findClient');
  await call('get', '/clients/nobody', 'findClient');
  await call('patch', '/clients/reports', 'changeClient', { disabled: true });
  await call('patch', '/clients/back-office', 'changeClient', { disabled: true });
  await call('post', '/users', 'addUser', {
    username: 'ada@example.com',
    password: 'correct horse',
    roles: ['clerk'],
    attributes: { name: 'Ada', access: { regions: ['eu'] }, age: 36 },
  });
  await call('get', '/users', 'listUsers');
  await call('get', '/users/ada@example.com', 'findUser');
  await call('patch', '/users/ada@example.com', 'changeUser', { roles: [] });
  await call('put', '/users/ada@example.com/password', 'setPassword', { password: 'another one' });
  await call('get', '/grants?limit=1', 'listGrants');
  await call('delete', '/grants/g1', 'revokeGrant');
  await call('delete', '/grants/g9', 'revokeGrant');
  await call('post', '/revocations', 'revoke', { level: 'user', id: 'user-1' });
  await call('post', '/revocations', 'revoke', { level: 'everything' });
  await call('get', '/revocations', 'listRevocations');
  await call('post', '/keys', 'rotateKey');
  await call('post', '/keys', 'rotateKey');
  administered.now += 3_600;
  await call('get', '/keys', 'listKeys');
  await call('delete', `/keys/${administered.keys.current().id}`, 'dropKey');
  await call('get', '/audit', 'queryAudit');
  await call('get', '/instances', 'listInstances');
  await call('get', '/plan', 'listRoutes');
  await call('get', '/openapi.json', 'describeApi');
  expect([...tried].sort()).toEqual(
    operationsOf(description)
      .map(({ operation }) => operation.operationId)
      .sort(),
  );
});

test('refusals before any operation have the form of a problem too', async () => {
  const operator = await createOperator();
  const description = await describeIt(operator);
  const problem = schemaOf(description.components.schemas.Problem!, description);
  const good = { Authorization: `Bearer ${adminToken}` };
  const answers = [
    await operator.call('get', '/keys'),
    await operator.call('get', '/keys', { ...good, Host: 'evil.example' }),
    await operator.call('get', '/keys', { ...good, Origin: 'null' }),
    await operator.call('get', '/nothing', good),
    await operator.call('put', '/keys', good),
    await request(operator.app).post('/admin/clients').set(good).type('text').send('x'),
  ];
  expect(answers.map(({ status }) => status)).toEqual([401, 421, 403, 404, 405, 415]);
  for (const answer of answers) {
    expect(answer.type).toBe('application/problem+json');
    problem.parse(answer.body);
    expect(answer.body.status).toBe(answer.status);
  }
});
