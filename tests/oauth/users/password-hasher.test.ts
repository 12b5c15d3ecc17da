import { createPasswordHasher, HasherBusyError } from '../../../src/oauth/users/password-hasher.ts';
import { StoreError } from '../../../src/stores/store-error.ts';

const cheap = createPasswordHasher({ cost: { ln: 4, r: 8, p: 1 } });

test('by default a hash is an scrypt PHC string of N = 2^15, r = 8, p = 3', async () => {
  const hasher = createPasswordHasher();
  const phc = await hasher.hash('correct horse');
  expect(phc).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$[\w+/]{22}\$[\w+/]{43}$/);
  expect(hasher.needsRehash(phc)).toBe(false);
  expect(await hasher.verify('correct horse', phc)).toBe(true);
});

test('the same password makes another hash each time, and no other password fits', async () => {
  const [one, two] = await Promise.all([cheap.hash('secret'), cheap.hash('secret')]);
  expect(one).not.toBe(two);
  expect(await cheap.verify('secret', two)).toBe(true);
  expect(await cheap.verify('Secret', two)).toBe(false);
  expect(await cheap.verify('', two)).toBe(false);
  expect(await cheap.verify('secret', undefined)).toBe(false);
});

test('letters may be composed in either way', async () => {
  const phc = await cheap.hash('contraseña'.normalize('NFD'));
  expect(await cheap.verify('contraseña'.normalize('NFC'), phc)).toBe(true);
});

test('a hash of another cost can still be checked, and is to be made anew', async () => {
  const dearer = createPasswordHasher({ cost: { ln: 5, r: 8, p: 1 } });
  const phc = await cheap.hash('secret');
  expect(await dearer.verify('secret', phc)).toBe(true);
  expect([cheap.needsRehash(phc), dearer.needsRehash(phc)]).toEqual([false, true]);
});

test('an unknown user costs as much as a wrong password', async () => {
  const phc = await cheap.hash('secret');
  const narrow = createPasswordHasher({ cost: { ln: 4, r: 8, p: 1 }, atOnce: 1, waitingAtMost: 0 });
  const [unknown, known] = await Promise.allSettled([narrow.verify('x', undefined), narrow.verify('x', phc)]);
  expect(unknown).toEqual({ status: 'fulfilled', value: false });
  expect(known).toMatchObject({ status: 'rejected', reason: expect.any(HasherBusyError) });
});

test('few are hashed at once, few wait, and the others are told to come back', async () => {
  const narrow = createPasswordHasher({ cost: { ln: 4, r: 8, p: 1 }, atOnce: 2, waitingAtMost: 3 });
  const results = await Promise.allSettled(Array.from({ length: 7 }, () => narrow.hash('secret')));
  expect(results.map(({ status }) => status)).toEqual([...Array(5).fill('fulfilled'), 'rejected', 'rejected']);
  expect(results[6]).toMatchObject({ reason: { name: 'HasherBusyError', retryAfter: 2 } });
  await expect(narrow.hash('secret')).resolves.toMatch(/^\$scrypt/);
});

test.each([
  '',
  'secret',
  '$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aaaa',
  `$scrypt$ln=30,r=8,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`,
])('a store that has %j as a hash is at fault', async (phc) => {
  const failure = await cheap.verify('secret', phc).catch((error: Error) => error);
  expect(failure).toBeInstanceOf(StoreError);
  if (phc !== '') expect((failure as Error).message).not.toContain(phc);
});
