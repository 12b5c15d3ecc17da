import { access, ownIssuer } from './access.ts';
import { asksForCertificates, checkHttps, findCertificates } from './check-https.ts';
import { suggest } from './closest.ts';
import type { Issue, Path } from './decode.ts';
import { formatPath } from './problem.ts';
import { subjectsOf } from './route.ts';
import { capturesOf, routeMatch } from './route-match.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Checks what the parts of a configuration say about each other. It reads the file as written, not the decoded
 * configuration, so that a mistake in one part does not hide those of the others.
 */
export function checkReferences(value: unknown): Issue[] {
  const file = fieldsOf(value);
  const oauth = fieldsOf(file.oauth);
  const services = fieldsOf(file.services);
  const declared = Object.keys(fieldsOf(oauth.scopes));
  const clients = listOf(oauth.clients);
  const routes = listOf(file.routes);
  const issuers = listOf(oauth.issuers).map((item) => fieldsOf(item).issuer);
  const checkRule = (rule: unknown, path: Path): Issue[] => [
    ...undeclaredInRule(rule, path, declared),
    ...unknownIssuers(fieldsOf(rule).issuers, [...path, 'issuers'], issuers, file.issuer),
    ...(asksForCertificates(file) ? [] : findCertificates(fieldsOf(rule).when, [...path, 'when'])),
  ];

  return [
    ...checkHttps(file),
    ...findTakenIds(routes, ['routes']),
    ...findTakenIds(clients, ['oauth', 'clients']),
    ...clients.flatMap((client, index) =>
      undeclared(fieldsOf(client).scopes, ['oauth', 'clients', index, 'scopes'], declared),
    ),
    ...(oauth.users === undefined ? clients.flatMap(findGrantWithoutUsers) : []),
    ...Object.keys(fieldsOf(fieldsOf(oauth.users).scopes)).flatMap((scope) => undeclaredOfUsers(scope, declared)),
    ...findTakenIssuers(issuers, file.issuer),
    ...Object.entries(services).flatMap(([name, service]) =>
      checkRule(fieldsOf(service).access, ['services', name, 'access']),
    ),
    ...routes.flatMap((route, index) => [
      ...checkRule(fieldsOf(route).access, ['routes', index, 'access']),
      ...checkService(fieldsOf(route), ['routes', index], services),
    ]),
  ];
}

function findTakenIds(items: readonly unknown[], path: Path): Issue[] {
  const ids = items.map((item) => fieldsOf(item).id);
  return ids.flatMap((id, index) => {
    const first = ids.indexOf(id);
    if (typeof id !== 'string' || first === index) return [];
    return [wrong([...path, index, 'id'], `the id "${id}" is taken by ${formatPath([...path, first])}`)];
  });
}

/** Grants that only users give. `refresh_token` needs one of them, so it is not named as well. */
const grantsOfUsers: readonly unknown[] = ['authorization_code', 'password'];

function findGrantWithoutUsers(client: unknown, index: number): Issue[] {
  const grants = listOf(fieldsOf(client).grants);
  const place = grants.findIndex((grant) => grantsOfUsers.includes(grant));
  if (place === -1) return [];
  const path: Path = ['oauth', 'clients', index, 'grants', place];
  return [wrong(path, `${grants[place]} is for users, and there are none: say under oauth.users who may sign in`)];
}

function findTakenIssuers(issuers: readonly unknown[], own: unknown): Issue[] {
  const path = (index: number): Path => ['oauth', 'issuers', index, 'issuer'];
  return issuers.flatMap((name, index) => {
    if (typeof name !== 'string') return [];
    if (name === own) return [wrong(path(index), 'this is the issuer of this gateway itself, which needs no entry')];
    const first = issuers.indexOf(name);
    if (first === index) return [];
    return [
      wrong(path(index), `the issuer ${name} is described by ${formatPath(['oauth', 'issuers', first])} already`),
    ];
  });
}

function checkService(route: Fields, path: Path, services: Fields): Issue[] {
  const name = fieldsOf(route.to).service;
  if (typeof name !== 'string') return [];
  if (!Object.hasOwn(services, name)) {
    const hint = suggest(name, Object.keys(services));
    return [wrong([...path, 'to', 'service'], `the service "${name}" is not defined${hint}`)];
  }
  if (route.access !== undefined) return [];
  const inherited = fieldsOf(services[name]).access;
  if (inherited !== undefined) return checkInheritedSubjects(route, path, name, inherited);
  const rule = 'access: public, authenticated, or { scopes: [...] }';
  return [wrong(path, `nothing says who may use this route: add ${rule} here or on the service "${name}"`)];
}

function checkInheritedSubjects(route: Fields, path: Path, service: string, inherited: unknown): Issue[] {
  const rule = access.safeParse(inherited);
  const match = routeMatch.safeParse(route.match);
  if (!rule.success || !match.success) return [];
  const { parameters } = capturesOf(match.data);
  return subjectsOf(rule.data)
    .filter(({ parameter }) => !parameters.has(parameter))
    .map(({ parameter }) =>
      wrong([...path, 'match'], `the access rule of the service "${service}" needs a parameter {${parameter}} here`),
    );
}

function undeclaredInRule(rule: unknown, path: Path, declared: readonly string[]): Issue[] {
  const { scopes } = fieldsOf(rule);
  if (Array.isArray(scopes)) return undeclared(scopes, [...path, 'scopes'], declared);
  return ['all', 'any'].flatMap((key) => undeclared(fieldsOf(scopes)[key], [...path, 'scopes', key], declared));
}

function undeclaredOfUsers(scope: string, declared: readonly string[]): Issue[] {
  if (declared.includes(scope)) return [];
  return [{ ...wrong(['oauth', 'users', 'scopes', scope], undeclaredMessage(scope, declared)), at: 'key' }];
}

const undeclaredMessage = (scope: string, declared: readonly string[]): string =>
  `the scope "${scope}" is not declared in oauth.scopes${suggest(scope, declared)}`;

function undeclared(scopes: unknown, path: Path, declared: readonly string[]): Issue[] {
  return listOf(scopes).flatMap((scope, index) => {
    if (typeof scope !== 'string' || declared.includes(scope)) return [];
    return [wrong([...path, index], undeclaredMessage(scope, declared))];
  });
}

function unknownIssuers(names: unknown, path: Path, issuers: readonly unknown[], own: unknown): Issue[] {
  return listOf(names).flatMap((name, index) => {
    if (typeof name !== 'string' || name === ownIssuer || issuers.includes(name)) return [];
    const known = [ownIssuer, ...issuers.filter((issuer) => typeof issuer === 'string')];
    const hint = name === own ? `: for the issuer of this gateway write ${ownIssuer}` : suggest(name, known);
    return [wrong([...path, index], `the issuer "${name}" is not in oauth.issuers${hint}`)];
  });
}

const wrong = (path: Path, message: string): Issue => ({ path, message, at: 'value' });

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
