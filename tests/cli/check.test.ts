import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { garita } from './surroundings.ts';

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'garita-check-'));
});
afterAll(() => rm(cwd, { recursive: true }));

const head = 'version: 1\nissuer: http://127.0.0.1:8080\n';

test('a valid file is counted', async () => {
  await writeFile(
    join(cwd, 'garita.yaml'),
    `${head}services: { a: { instances: ["http://127.0.0.1:1"] } }
routes:
  - { id: a, match: { path: /a }, to: { service: a }, access: public }
  - { id: b, match: { path: /b }, to: { service: a }, access: public }
`,
  );
  const valid = { code: 0, stdout: 'garita.yaml is valid: 1 service, 2 routes, 0 clients\n', stderr: '' };
  expect(await garita(['check'], { cwd })).toEqual(valid);
  expect(await garita(['check', 'garita.yaml'], { cwd })).toEqual(valid);
});

test('every problem is listed, with exit code 1', async () => {
  await writeFile(join(cwd, 'bad.yaml'), `${head}name: X\nlog: { level: loud }\n`);
  expect(await garita(['check', './bad.yaml'], { cwd })).toEqual({
    code: 1,
    stdout: '',
    stderr:
      './bad.yaml:3:7  name  expected up to 40 lower-case letters, digits and dashes, got "X"\n' +
      './bad.yaml:4:15  log.level  expected error, warn, info or debug, got "loud"\n' +
      '2 problems\n',
  });
});

test('what only linking can know is found too', async () => {
  await writeFile(join(cwd, 'unlinked.yaml'), `${head}policies: [{ use: rate-limt, with: {} }]\n`);
  const { code, stderr } = await garita(['check', 'unlinked.yaml'], { cwd });
  expect(code).toBe(1);
  expect(stderr).toMatch(/^unlinked\.yaml:3:\d+ {2}policies\[0\]\S* {2}.*rate-limt.*rate-limit/);
});

test('references are answered from the environment', async () => {
  await writeFile(join(cwd, 'env.yaml'), `${head}name: "\${NAME}"\n`);
  expect(await garita(['check', 'env.yaml'], { cwd, environment: { NAME: 'front' } })).toMatchObject({ code: 0 });
  expect(await garita(['check', 'env.yaml'], { cwd })).toMatchObject({ code: 1 });
});

test('a file that is not there is one clear message', async () => {
  expect(await garita(['check', 'nope.yaml'], { cwd })).toEqual({
    code: 1,
    stdout: '',
    stderr: 'nope.yaml: there is no such file: name one, as in garita check my-garita.yaml\n',
  });
});

test('what is valid but unwise is a warning, with exit code 0', async () => {
  const client = '{ id: cms, secret: demo-only-cms, firstParty: true, grants: [password] }';
  await writeFile(join(cwd, 'unwise.yaml'), `${head}oauth: { users: { use: embedded }, clients: [${client}] }\n`);
  expect(await garita(['check', 'unwise.yaml'], { cwd })).toEqual({
    code: 0,
    stdout: 'unwise.yaml is valid: 0 services, 0 routes, 1 client\n',
    stderr: expect.stringMatching(
      /^warning: unwise\.yaml:3:\d+ {2}oauth\.clients\[0\]\.grants\[0\] {2}the client "cms" .*\n$/,
    ),
  });
});
