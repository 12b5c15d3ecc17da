import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '../../../src/config/load.ts';
import { ConfigError } from '../../../src/config/problem.ts';
import { linkConfig } from '../../../src/plan/compile.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'garita-validate-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const head = `version: 1
issuer: http://127.0.0.1:8080
services: { s: { instances: ["http://127.0.0.1:7101"], access: public } }
`;

/** What is wrong with a configuration in this folder, line by line. */
function problemsOf(yaml: string): string[] {
  try {
    const { config, source } = parseConfig(head + yaml, { file: 'garita.yaml', folder, environment: {} });
    linkConfig(config, source);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.message.split('\n').slice(0, -1);
    throw error;
  }
}

/** A route with this policy; its `with` begins in line 10. */
const route = (options: string, path = '/a/{id}') => `routes:
  - id: a
    match: { path: "${path}" }
    to: { service: s }
    policies:
      - use: validate
${options.replace(/^/gm, '        ')}
`;

test('the schemas of a route, where they stand or in files beside the configuration', () => {
  mkdirSync(join(folder, 'schemas'));
  writeFileSync(join(folder, 'schemas/body.json'), '{"type":"object","required":["name"]}');
  const yaml = route(`with:
  body: schemas/body.json
  params: { type: object, properties: { id: { type: integer } } }
  query: { type: object, properties: { page: { type: integer } }, additionalProperties: false }
  headers: { type: object, required: [x-tenant] }
  mediaTypes: [application/json, application/merge-patch+json]
  bodyLimit: 10kB`);
  expect(problemsOf(yaml)).toEqual([]);
});

test('what is wrong in a schema is told with its line', () => {
  const yaml = route(`with:
  body:
    type: object
    properties:
      name: { type: text }
  query:
    type: object
    propertys: { page: { type: integer } }
  headers: { properties: {} }`);
  expect(problemsOf(yaml)).toEqual([
    'garita.yaml:14:29  routes[0].policies[0].with.body.properties.name.type  must be equal to one of the allowed values: array, boolean, integer, null, number, object, string',
    'garita.yaml:17:24  routes[0].policies[0].with.query.propertys  there is no keyword "propertys" in JSON Schema',
    'garita.yaml:18:20  routes[0].policies[0].with.headers  missing type "object" for keyword "properties" (strictTypes)',
  ]);
});

test('what is wrong in or with a file is told at its name', () => {
  writeFileSync(join(folder, 'a.json'), '{"type":"object","properties":{"a/b":{"typ":"x"}}}');
  writeFileSync(join(folder, 'b.json'), '{"type":"object","type":"array"}');
  writeFileSync(join(folder, 'c.json'), '[]');
  const yaml = route('with: { body: a.json, query: gone.json, headers: b.json, params: c.json }');
  const place = 'routes[0].policies[0].with';
  expect(problemsOf(yaml)).toEqual([
    `garita.yaml:10:23  ${place}.body  a.json#/properties/a~1b/typ: there is no keyword "typ" in JSON Schema`,
    `garita.yaml:10:38  ${place}.query  gone.json: there is no such file, seen from the folder of the configuration`,
    `garita.yaml:10:58  ${place}.headers  b.json: must not have the key "type" twice in one object`,
    `garita.yaml:10:74  ${place}.params  c.json: expected a JSON Schema: an object`,
  ]);
  expect(problemsOf(route('with: { body: . }'))[0]).toMatch(/ \.: this is a folder: name the file of one schema$/);
});

test('options that cannot be meant', () => {
  expect(problemsOf(route('with: {}'))).toEqual([
    'garita.yaml:10:15  routes[0].policies[0].with  expected at least one schema: body, query, headers or params, got an empty map',
  ]);
  expect(problemsOf(route('with: { body: 5, mediaTypes: [text/plain], bodyLimit: 1TB }'))).toEqual([
    'garita.yaml:10:23  routes[0].policies[0].with.body  expected a JSON Schema, or the name of a JSON file with one, got 5',
    expect.stringContaining('with.mediaTypes[0]  expected a media type of JSON in lower case'),
    expect.stringContaining('with.bodyLimit  expected a size with its unit'),
  ]);
});

test('header fields stand in lower case, as they are compared', () => {
  expect(
    problemsOf(route('with: { headers: { type: object, properties: { X-Tenant: true }, required: [Accept] } }')),
  ).toEqual([
    expect.stringContaining(
      'with.headers.properties.X-Tenant  names of header fields stand in lower case here: x-tenant',
    ),
    expect.stringContaining('with.headers.required[0]  names of header fields stand in lower case here: accept'),
  ]);
});

test('path parameters are those of the route; an inherited schema may know more', () => {
  const options = 'with: { params: { type: object, properties: { nr: { type: integer } }, required: [id, key] } }';
  expect(problemsOf(route(options))).toEqual([
    expect.stringContaining('with.params.properties.nr  the path of route a has no parameter {nr}'),
    expect.stringContaining('with.params.required[1]  the path of route a has no parameter {key}'),
  ]);
  const inherited = route('enabled: true').replace(/ {4}policies:.*/s, '');
  expect(problemsOf(`policies: [{ use: validate, ${options} }]\n${inherited}`)).toEqual([]);
});

test('a schema that many routes inherit is compiled, and objected to, once', () => {
  const bare = (id: string) => `  - { id: ${id}, match: { path: /${id} }, to: { service: s } }\n`;
  const yaml = `policies: [{ use: validate, with: { query: { typ: x } } }]\nroutes:\n${bare('a')}${bare('b')}`;
  expect(problemsOf(yaml)).toEqual([
    'garita.yaml:4:51  policies[0].with.query.typ  there is no keyword "typ" in JSON Schema',
  ]);
});
