import { describeDemo } from '../../../../examples/demo/launcher/banner.ts';

const gateway = { listening: 'http://127.0.0.1:1', operations: 'http://127.0.0.1:2', pid: 3 };
const service = (instance: string, moved: boolean) => ({ instance, url: 'http://127.0.0.1:4', pid: 5, moved });

test('says which services are not where they usually are', () => {
  const services = [service('customers-1', true), service('customers-2', false), service('users', true)];
  const told = 'The usual ports of customers-1, users are in use: these are free ones.';
  expect(describeDemo({ gateway, services })).toContain(told);
  expect(describeDemo({ gateway, services: [services[1]!, services[1]!] })).not.toContain('in use');
});

test('says where to sign in and as whom, and how to administer', () => {
  const banner = describeDemo({ gateway, services: [service('customers-1', false), service('customers-2', false)] });
  expect(banner).toMatch(
    /Storefront +http:\/\/127\.0\.0\.1:1\/demo\/ +sign in as ada@example\.com with demo-only-password\n/,
  );
  expect(banner).toContain('GARITA_ADMIN_TOKEN=demo-only-admin-token npm run --silent garita -- client list');
});
