import { parseConfig } from '../../src/config/load.ts';
import { ConfigError, formatProblems } from '../../src/config/problem.ts';
import { linkConfig } from '../../src/plan/compile.ts';
import { type LinkedRoute, link } from '../../src/plan/link.ts';
import { policies } from '../../src/policies/index.ts';

const head = 'version: 1\nissuer: http://127.0.0.1:8080\n';
const services = 'services: { s: { instances: ["http://127.0.0.1:7101"] } }\n';

function linkText(text: string) {
  const { config, source } = parseConfig(head + text, { file: 'garita.yaml', environment: {} });
  return link(config, source, policies);
}

/** Expects these complaints; each ‸ in the text is where one of them points to, in the order of the file. */
function expectComplaints(marked: string, ...messages: string[]): void {
  const parts = (head + marked).split('‸');
  const places = parts.slice(0, -1).map((_, index) => {
    const before = parts
      .slice(0, index + 1)
      .join('')
      .split('\n');
    return `garita.yaml:${before.length}:${before.at(-1)!.length + 1}`;
  });
  const { problems } = linkText(marked.replaceAll('‸', ''));
  const written = problems.length === 0 ? [] : formatProblems(problems).split('\n').slice(0, -1);
  expect(written).toEqual(messages.map((message, index) => `${places[index]}  ${message}`));
}

const named = (routes: readonly LinkedRoute[]) =>
  routes.map(({ policies: used }) => used.map(({ policy, options }) => [policy.name, options]));

describe('what is wrong is told with its place', () => {
  test('an unknown balancer, with what was meant', () => {
    expectComplaints(
      'services:\n  s: { instances: ["http://h:1"], balance: ‸round-robbin }\n',
      'services.s.balance  there is no balancer "round-robbin": did you mean "round-robin"?',
    );
    expectComplaints(
      'services:\n  s: { instances: ["http://h:1"], balance: ‸zzz }\n',
      'services.s.balance  there is no balancer "zzz": known are round-robin, random-two',
    );
  });

  test('an unknown policy at each level, also where it is only switched off', () => {
    expectComplaints(
      `policies:\n  - use: ‸cahce\nservices:\n  s:\n    instances: ["http://h:1"]\n    policies: [{ use: ‸xyz, enabled: false }]\nroutes:\n  - id: a\n    access: public\n    match: { path: /a }\n    to: { service: s }\n    policies:\n      - use: ‸rate-limits\n`,
      'policies[0].use  there is no policy "cahce": did you mean "cache"?',
      `services.s.policies[0].use  there is no policy "xyz": known are ${policies.map(({ name }) => name).join(', ')}`,
      'routes[0].policies[0].use  there is no policy "rate-limits": did you mean "rate-limit"?',
    );
  });

  test('bad options of a policy, each of them', () => {
    expectComplaints(
      'policies:\n  - use: rate-limit\n    with:\n      limit: ‸0\n      per: ‸5\n      ‸bye: client\n',
      'policies[0].with.limit  expected a whole number from 1 to 1000000000, got 0',
      'policies[0].with.per  expected a duration with its unit (ms, s, m, h or d), such as 5s, got 5',
      'policies[0].with.bye  unknown key "bye": did you mean "by"?',
    );
  });

  test('missing options point at the policy', () => {
    expectComplaints(
      'policies:\n  - ‸use: cache\n',
      'policies[0].with.fresh  missing: expected a duration with its unit (ms, s, m, h or d), such as 5s',
    );
  });

  test('an inherited mistake once, however many routes inherit it', () => {
    const routes = ['a', 'b'].map(
      (id) => `  - { id: ${id}, access: public, match: { path: /${id} }, to: { service: s } }\n`,
    );
    expectComplaints(
      `policies: [{ use: cache, with: { fresh: ‸never } }]\n${services}routes:\n${routes.join('')}`,
      'policies[0].with.fresh  expected a duration with its unit (ms, s, m, h or d), such as 5s, got "never"',
    );
  });

  test('expressions that RE2 does not read', () => {
    const text = `${services}routes:
  - id: a
    access: public
    to: { service: s }
    match:
      pattern: ‸^/(a$
      headers: { x-a: { pattern: ‸"(?=b)" } }
      query: { q: { pattern: ‸"[z-a]" } }
`;
    const { problems } = linkText(text.replaceAll('‸', ''));
    expect(problems.map(({ path }) => path)).toEqual([
      'routes[0].match.pattern',
      'routes[0].match.headers.x-a.pattern',
      'routes[0].match.query.q.pattern',
    ]);
    expect(problems.map(({ line, column }) => [line, column])).toEqual([
      [9, 16],
      [10, 34],
      [11, 30],
    ]);
    for (const { message } of problems) expect(message).toMatch(/^not an RE2 expression: .+/);
  });

  test('routes that take the same requests', () => {
    expectComplaints(
      `${services}routes:\n  - { id: a, access: public, match: { path: "/x/{y}" }, to: { service: s } }\n  - { id: b, access: public, match: ‸{ path: "/x/{z}" }, to: { service: s } }\n`,
      'routes[1].match  takes the same requests as route a: give one of them a priority',
    );
  });

  test('every complaint of a policy about its route', () => {
    expectComplaints(
      `${services}routes:
  - id: a
    access: public
    match: { methods: [PUT], path: "/a/{id}" }
    to: { service: s }
    policies:
      - { use: invalidate, with: { paths: [‸"/a/{number}", "/a/{id}", ‸"/b/{x}/*"] } }
      - { use: rate-limit, with: { limit: 1, per: 1s, by: ‸client } }
      - { use: cache, with: ‸{ fresh: 1s } }
`,
      'routes[0].policies[0].with.paths[0]  expected a parameter of route a: it has no {number}',
      'routes[0].policies[0].with.paths[2]  expected a parameter of route a: it has no {x}',
      'routes[0].policies[1].with.by  expected address: on the public route a nobody has a client',
      'routes[0].policies[2].with  route a has neither GET nor HEAD: nothing of it can be cached',
    );
  });

  test('an inherited policy is objected to once, beside the first route that it does not fit', () => {
    const routes = ['a', 'b'].map(
      (id) => `  - { id: ${id}, access: public, match: { path: /${id} }, to: { service: s } }\n`,
    );
    expectComplaints(
      `policies: [{ use: invalidate, with: { paths: [‸"/{id}"] } }]\n${services}routes:\n${routes.join('')}`,
      'policies[0].with.paths[0]  expected a parameter of route a: it has no {id}',
    );
  });

  test('an inherited limit by client is fine on public routes: there it counts by address', () => {
    const { config, source } = parseConfig(
      `${head}policies: [{ use: rate-limit, with: { limit: 1, per: 1s, by: client } }]\n${services}routes:\n  - { id: a, access: public, match: { path: /a }, to: { service: s } }\n`,
      { file: 'f', environment: {} },
    );
    expect(() => linkConfig(config, source)).not.toThrow();
  });

  test('spare services too', () => {
    expectComplaints(
      'services:\n  s: { instances: ["http://h:1"], policies: [{ use: cache, with: { fresh: ‸1 } }] }\n',
      'services.s.policies[0].with.fresh  expected a duration with its unit (ms, s, m, h or d), such as 5s, got 1',
    );
  });

  test('linkConfig throws all of it', () => {
    const { config, source } = parseConfig(`${head}policies: [{ use: a }, { use: b }]\n`, {
      file: 'f',
      environment: {},
    });
    expect(() => linkConfig(config, source)).toThrow(ConfigError);
    expect(() => linkConfig(config, source)).toThrow(/f:3:19 .+\nf:3:31 .+\n2 problems$/s);
  });
});

describe('inheritance', () => {
  const limit = (count: number) => `{ use: rate-limit, with: { limit: ${count}, per: 1s } }`;
  const text = (global: string, service: string, route: string) => `
policies: [${global}]
services: { s: { instances: ["http://h:1"], policies: [${service}] } }
routes: [{ id: a, access: authenticated, match: { path: "/a/{id}" }, to: { service: s }, policies: [${route}] }]
`;
  const limits = (...levels: [string, string, string]) => {
    const { routes, problems } = linkText(text(...levels));
    expect(problems).toEqual([]);
    return named(routes)[0]!.map(([name, options]) => `${name} ${(options as { limit?: number }).limit ?? ''}`.trim());
  };

  test('the nearest level that names a policy decides it', () => {
    expect(limits(limit(1), '', '')).toEqual(['rate-limit 1']);
    expect(limits(limit(1), limit(2), '')).toEqual(['rate-limit 2']);
    expect(limits(limit(1), limit(2), limit(3))).toEqual(['rate-limit 3']);
    expect(limits(limit(1), '', limit(3))).toEqual(['rate-limit 3']);
  });

  test('a level may use one policy several times', () => {
    expect(limits(limit(1), `${limit(2)}, ${limit(3)}`, '')).toEqual(['rate-limit 2', 'rate-limit 3']);
  });

  test('a level may use others only once', () => {
    expectComplaints(
      `policies:
  - { use: cors, with: { origins: "*" } }
  - { use: rate-limit, enabled: false }
  - ‸{ use: cors, with: { origins: "*" } }
services:
  s:
    instances: ["http://h:1"]
    policies: [{ use: cors, enabled: false }, { use: cors, with: { origins: "*" } }]
routes:
  - id: a
    access: public
    match: { path: /a }
    to: { service: s }
    policies:
      - { use: cors, with: { origins: "*" } }
      - ‸{ use: cors, with: { origins: "*" } }
`,
      'policies[2]  a route can have "cors" only once: another one stands in this list already',
      'routes[0].policies[1]  a route can have "cors" only once: another one stands in this list already',
    );
  });

  test('enabled: false takes it away, and needs no options', () => {
    expect(limits(limit(1), limit(2), '{ use: rate-limit, enabled: false }')).toEqual([]);
    expect(limits(limit(1), '{ use: rate-limit, enabled: false }', limit(3))).toEqual(['rate-limit 3']);
    expect(limits(limit(1), '{ use: cache, enabled: false }', '')).toEqual(['rate-limit 1']);
  });

  test('policies act in the order of their list, not of the file', () => {
    const cache = '{ use: cache, with: { fresh: 1s } }';
    const invalidate = '{ use: invalidate, with: { paths: ["/a/{id}"] } }';
    expect(limits('', '', `${cache}, ${limit(1)}, ${invalidate}`)).toEqual(['rate-limit 1', 'cache', 'invalidate']);
    expect(limits(cache, invalidate, limit(1))).toEqual(['rate-limit 1', 'cache', 'invalidate']);
  });
});

test('a route takes the access rule of its service unless it has its own', () => {
  const { routes } = linkText(`
services: { s: { instances: ["http://h:1"], access: authenticated } }
routes:
  - { id: a, match: { path: "/a/{x}" }, to: { service: s } }
  - { id: b, match: { methods: [GET], pattern: "^/b/(?<y>.)$" }, to: { service: s }, access: public }
`);
  expect(routes.map(({ access }) => access.kind)).toEqual(['authenticated', 'public']);
  expect(routes.map(({ facts }) => facts)).toEqual([
    { id: 'a', methods: undefined, params: new Set(['x']), isPublic: false },
    { id: 'b', methods: ['GET'], params: new Set(['y']), isPublic: true },
  ]);
});
