import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileWatch } from '../../src/edge/watch-files.ts';

let folder = '';
let stop: () => void = () => {};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'garita-watch-'));
});
afterEach(async () => {
  stop();
  await rm(folder, { recursive: true });
});

/** Does something, again where it came before the first look, until the watch has told of it. */
async function change(file: string, act: (round: number) => Promise<unknown>): Promise<void> {
  let told = false;
  stop = createFileWatch(2)([file], () => {
    told = true;
  });
  for (let round = 0; !told; round += 1) {
    await act(round);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  stop();
}

test('tells of a file that is written, replaced, removed and made', async () => {
  const file = join(folder, 'a.pem');
  await writeFile(file, '');
  await change(file, (round) => writeFile(file, `${round}`));
  await change(file, async () => {
    await writeFile(`${file}.new`, 'new');
    await rename(`${file}.new`, file);
  });
  await change(file, (round) => (round % 2 === 0 ? rm(file) : writeFile(file, 'again')));
});

test('tells of a link on the way that leads elsewhere, as Kubernetes replaces secrets', async () => {
  for (const version of ['0', '1']) {
    await mkdir(join(folder, version));
    await writeFile(join(folder, version, 'a.pem'), version);
  }
  const link = join(folder, 'data');
  await symlink('0', link);
  await change(join(link, 'a.pem'), async (round) => {
    await symlink(String((round + 1) % 2), `${link}.new`);
    await rename(`${link}.new`, link);
  });
});
