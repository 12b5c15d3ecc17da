/** One process behind the gateway. */
export interface DemoService {
  readonly instance: string;
  /** Its program, from examples/demo. */
  readonly program: string;
  /** Its file among the databases, if it has one; instances of one service share theirs. */
  readonly database?: string;
  /** Where garita.yaml expects it. */
  readonly port: number;
  /** The variable by which garita.yaml is told another place. */
  readonly urlVariable: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** What the gateway presents to the users service. */
export const usersSecret = 'demo-only-users-service-secret';

const customers = (n: number): DemoService => ({
  instance: `customers-${n}`,
  program: 'customers/main.ts',
  database: 'customers.db',
  port: 7100 + n,
  urlVariable: `CUSTOMERS_${n}_URL`,
});

/** Everything that stands behind the gateway of the demo. */
export const demoServices: readonly DemoService[] = [
  customers(1),
  customers(2),
  customers(3),
  {
    instance: 'users',
    program: 'users/main.ts',
    database: 'users.db',
    port: 7201,
    urlVariable: 'USERS_URL',
    environment: { SERVICE_SECRET: usersSecret, SEED_DEMO_USERS: '1' },
  },
  {
    instance: 'products',
    program: 'products/main.ts',
    database: 'products.db',
    port: 7301,
    urlVariable: 'PRODUCTS_URL',
  },
  {
    instance: 'storefront',
    program: 'storefront/main.ts',
    port: 7401,
    urlVariable: 'STOREFRONT_URL',
  },
];
