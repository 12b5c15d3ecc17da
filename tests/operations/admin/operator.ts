/** The operations app with an admin API over memory stores, and ways to call it, for the tests beside this file. */
import type { Express, Router } from 'express';
import request, { type Test } from 'supertest';
import { hashSecret } from '../../../src/config/secret-hash.ts';
import type { Principal } from '../../../src/model/principal.ts';
import { createAdminApi } from '../../../src/operations/admin/admin-api.ts';
import type { RouteView } from '../../../src/operations/admin/describe-routes.ts';
import type { OverviewSources } from '../../../src/operations/admin/overview-operations.ts';
import { createOperationsApp } from '../../../src/operations/app.ts';
import { BoundedMemory } from '../../../src/stores/memory/bounded-memory.ts';
import { createMetrics } from '../../../src/telemetry/metrics.ts';
import { type AccessTokenInput, createTokenIssuer } from '../../../src/tokens/issue.ts';
import { createTokenVerifier } from '../../../src/tokens/verify.ts';
import { type Administered, createAdministered } from '../../oauth/administration/administered.ts';

export const issuer = 'http://127.0.0.1:8080';
export const audience = 'https://api.example';
export const adminToken = 'an admin token, with spaces & signs!';

type Method = 'get' | 'head' | 'post' | 'put' | 'patch' | 'delete' | 'options';
export type Headers = Readonly<Record<string, string>>;

export interface Operator {
  readonly app: Express;
  readonly adminApi: Router;
  readonly administered: Administered;
  readonly log: { message: string; fields: unknown }[];
  /** A call below `/admin` with these fields only. */
  call(method: Method, path: string, headers?: Headers): Test;
  /** A call by the admin token. */
  as(method: Method, path: string, body?: unknown): Test;
  /** An access token of this server. */
  issueToken(further?: Partial<AccessTokenInput>): Promise<string>;
}

export async function createOperator(
  options: Parameters<typeof createAdministered>[0] & {
    readonly tokenHash?: string | undefined;
    readonly hosts?: readonly string[];
    readonly instances?: OverviewSources['instances'];
    readonly plan?: () => readonly RouteView[];
  } = {},
): Promise<Operator> {
  const administered = await createAdministered(options);
  const { administration, audit, clock, keys, revocations } = administered;
  const shared = { issuer, keys, revocations, clock };
  const memory = new BoundedMemory<Principal>({ maxBytes: 1_000_000, clock: () => clock() * 1_000 });
  const log: Operator['log'] = [];
  const write = (message: string, fields?: unknown): void => void log.push({ message, fields });
  const tokenHash = 'tokenHash' in options ? options.tokenHash : hashSecret(adminToken);
  const adminApi = createAdminApi({
    administration,
    verifier: createTokenVerifier({ ...shared, audience, memory }),
    ...(tokenHash !== undefined && { tokenHash }),
    hosts: options.hosts ?? [],
    realm: 'garita',
    audit,
    clock,
    instances: options.instances ?? (() => []),
    plan: options.plan ?? (() => []),
    log: { warn: write, error: write },
  });
  const metrics = createMetrics({
    instances: () => [],
    cache: () => ({ bytes: 0, entries: 0 }),
    linesDropped: () => 0,
  });
  const app = createOperationsApp({ metrics, isReady: () => true, adminApi });
  const tokens = createTokenIssuer(shared);
  const call: Operator['call'] = (method, path, headers = {}) =>
    request(app)
      [method](path.startsWith('/') ? `/admin${path}` : path)
      .set(headers);
  return {
    app,
    adminApi,
    administered,
    log,
    call,
    as(method, path, body) {
      const test = call(method, path, { Authorization: `Bearer ${adminToken}` });
      return body === undefined ? test : test.send(body as object);
    },
    async issueToken(further = {}) {
      const { token } = await tokens.issueAccessToken({
        subject: 'deployer',
        clientId: 'deployer',
        audience,
        scopes: ['garita:admin'],
        roles: [],
        lifetime: 300,
        claims: {},
        ...further,
      });
      return token;
    },
  };
}
