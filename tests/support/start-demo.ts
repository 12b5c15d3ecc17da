import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { parseConfig } from '../../src/config/load.ts';
import { applyPorts } from '../../src/config/ports.ts';
import { createGateway } from '../../src/gateway.ts';
import type { Surroundings } from './start-gateway.ts';
import { type RunningService, startService } from './start-service.ts';

/** The demo as its configuration describes it, on ports that the system chose. */
export interface TestDemo {
  readonly url: string;
  readonly operationsUrl: string;
  /** The three instances; a test may put another process in the place of one. */
  readonly customers: RunningService[];
  /** Starts the instance with this number, once more perhaps. */
  startCustomers(n: number, env?: Record<string, string>): Promise<RunningService>;
  close(): Promise<void>;
}

const usersSecret = 'demo-only-users-service-secret';

/** Starts the services of the demo as processes, and a gateway in this one in front of them. */
export async function startTestDemo(surroundings: Surroundings = {}): Promise<TestDemo> {
  const folder = await mkdtemp(join(tmpdir(), 'garita-demo-'));
  const start = (name: string, env: Record<string, string> = {}) =>
    startService(`examples/demo/${name}/main.ts`, { DATABASE: join(folder, `${name}.db`), INSTANCE: name, ...env });
  const startCustomers: TestDemo['startCustomers'] = (n, env) =>
    start('customers', { INSTANCE: `customers-${n}`, ...env });

  const [customers, users, products, storefront] = await Promise.all([
    Promise.all([1, 2, 3].map((n) => startCustomers(n))),
    start('users', { SERVICE_SECRET: usersSecret, SEED_DEMO_USERS: '1' }),
    start('products'),
    start('storefront'),
  ]);
  const file = 'examples/demo/garita.yaml';
  const { config, source } = parseConfig(await readFile(file, 'utf8'), {
    file,
    environment: {
      GARITA_DATABASE: join(folder, 'garita.db'),
      CUSTOMERS_1_URL: customers[0]!.url,
      CUSTOMERS_2_URL: customers[1]!.url,
      CUSTOMERS_3_URL: customers[2]!.url,
      USERS_URL: users.url,
      USERS_SERVICE_SECRET: usersSecret,
      PRODUCTS_URL: products.url,
      STOREFRONT_URL: storefront.url,
    },
  });
  const gateway = await createGateway({
    ...surroundings,
    config: applyPorts(config, { port: 0, operationsPort: 0 }),
    source,
    output: new Writable({ write: (_chunk, _encoding, done) => done() }),
  });
  return {
    url: `http://127.0.0.1:${gateway.address.port}`,
    operationsUrl: `http://127.0.0.1:${gateway.operationsAddress.port}`,
    customers,
    startCustomers,
    async close() {
      await gateway.close();
      const all = [...customers, users, products, storefront];
      await Promise.all(all.map(async ({ child, stop }) => child.exitCode ?? child.signalCode ?? stop()));
      await rm(folder, { recursive: true });
    },
  };
}
