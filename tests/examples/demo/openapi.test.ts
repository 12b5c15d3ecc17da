import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startService } from '../../support/start-service.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'garita-openapi-'));
});

afterAll(() => rm(folder, { recursive: true }));

test.each(['customers', 'products', 'users'])(
  'the OpenAPI file of %s has the methods that the service answers',
  async (name) => {
    const DATABASE = join(folder, `${name}.db`);
    const service = await startService(`examples/demo/${name}/main.ts`, { DATABASE, SERVICE_SECRET: 'secret' });
    const { paths } = (await (await fetch(`${service.url}/openapi.json`)).json()) as { paths: Record<string, object> };
    expect(Object.keys(paths).length).toBeGreaterThan(3);
    for (const [template, operations] of Object.entries(paths)) {
      const reply = await fetch(service.url + template.replace(/\{\w+\}/, '1'), { method: 'PURGE' });
      expect(reply.status).toBe(405);
      const documented = Object.keys(operations).filter((key) => key !== 'parameters');
      const allowed = reply.headers.get('allow')!.toLowerCase().split(', ');
      expect(allowed.filter((method) => method !== 'head').sort()).toEqual(documented.sort());
    }
    expect(await service.stop()).toBe(0);
  },
);
