import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { garita } from './surroundings.ts';

test('garita.schema.json is up to date: `npm run schema` makes it', async () => {
  const kept = await readFile(new URL('../../garita.schema.json', import.meta.url), 'utf8');
  expect(await garita(['schema'])).toEqual({ code: 0, stdout: kept, stderr: '' });
});

test('--write writes the same to a file', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'garita-schema-'));
  try {
    const written = await garita(['schema', '--write', 'out.json'], { cwd });
    expect(written).toEqual({ code: 0, stdout: 'wrote out.json\n', stderr: '' });
    expect(await readFile(join(cwd, 'out.json'), 'utf8')).toBe((await garita(['schema'])).stdout);
    expect(await garita(['schema', '--write', 'no/such/out.json'], { cwd })).toEqual({
      code: 1,
      stdout: '',
      stderr: `${join(cwd, 'no/such/out.json')}: there is no such file or folder\n`,
    });
  } finally {
    await rm(cwd, { recursive: true });
  }
});
