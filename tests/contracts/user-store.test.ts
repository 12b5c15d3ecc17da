import type { StoredUser } from '../../src/stores/user-store.ts';
import { describeStores, now } from './describe-stores.ts';

const user = (id: string, username: string): StoredUser => ({
  id,
  username,
  passwordHash: '$scrypt$ln=15,r=8,p=3$c2FsdA$aGFzaA',
  roles: ['buyer', 'admin'],
  attributes: { name: 'Ada', email: 'ada@example.com', nested: { list: [1, null] } },
  disabled: false,
  createdAt: now,
});

describeStores('the user store', (stores) => {
  test('gives back what it was given', async () => {
    const { users } = stores();
    const ada = user('1', 'Ada@Example.com');
    expect(await users.findByUsername('Ada@Example.com')).toBeUndefined();
    expect(await users.add(ada)).toBe(true);
    expect(await users.find('1')).toEqual(ada);
    expect(await users.findByUsername('Ada@Example.com')).toEqual(ada);
    expect(await users.find('2')).toBeUndefined();
  });

  test.each([
    ['case', 'ada@example.com', 'ADA@EXAMPLE.COM'],
    ['case beyond ASCII', 'ÑOÑO', 'ñoño'],
    ['the way accents are written', 'jose\u0301', 'JOSÉ'],
  ])('finds without regard to %s, and adds no second one', async (_what, username, other) => {
    const { users } = stores();
    await users.add(user('1', username));
    expect((await users.findByUsername(other))?.id).toBe('1');
    expect(await users.add(user('2', other))).toBe(false);
    expect(await users.find('2')).toBeUndefined();
    expect((await users.find('1'))?.username).toBe(username.normalize('NFC'));
  });

  test('does nothing when the id is taken', async () => {
    const { users } = stores();
    await users.add(user('1', 'ada'));
    expect(await users.add(user('1', 'bob'))).toBe(false);
    expect(await users.findByUsername('bob')).toBeUndefined();
  });

  test('gives a username to one of fifty that want it at once', async () => {
    const added = await Promise.all(Array.from({ length: 50 }, (_, n) => stores().users.add(user(`${n}`, 'ada'))));
    expect(added.filter(Boolean)).toHaveLength(1);
    expect(await stores().users.list({ limit: 100 })).toHaveLength(1);
  });

  test('lists in the order of usernames, page by page', async () => {
    const { users } = stores();
    const names = ['bob', 'Ada', 'zoë', 'Árbol', '😀', '\uffee', '%', '__proto__'];
    for (const [n, name] of names.entries()) await users.add(user(`${n}`, name));
    const inOrder = ['%', '__proto__', 'Ada', 'bob', 'zoë', 'Árbol', '\uffee', '😀'];
    const pages: string[][] = [];
    let after: string | undefined;
    do {
      const page = (await users.list({ limit: 3, ...(after !== undefined && { after }) })).map(
        (found) => found.username,
      );
      pages.push(page);
      after = page.at(-1);
    } while (after !== undefined);
    expect(pages.map((page) => page.length)).toEqual([3, 3, 2, 0]);
    expect(pages.flat()).toEqual(inOrder);
  });

  test('finds its place in the list when whoever was there is not', async () => {
    const { users } = stores();
    for (const name of ['ada', 'eve']) await users.add(user(name, name));
    expect((await users.list({ limit: 5, after: 'BOB' })).map(({ id }) => id)).toEqual(['eve']);
  });

  test('replaces the password hash that it is told of, and no other', async () => {
    const { users } = stores();
    const ada = user('1', 'ada');
    await users.add(ada);
    expect(await users.replaceHash('1', 'another', 'new')).toBe(false);
    expect(await users.replaceHash('2', ada.passwordHash, 'new')).toBe(false);
    expect(await users.find('1')).toEqual(ada);
    expect(await users.replaceHash('1', ada.passwordHash, 'new')).toBe(true);
    expect(await users.findByUsername('ada')).toEqual({ ...ada, passwordHash: 'new' });
  });

  test('lets one of fifty that know the same password hash replace it', async () => {
    const { users } = stores();
    const { passwordHash } = user('1', 'ada');
    await users.add(user('1', 'ada'));
    const replaced = await Promise.all(
      Array.from({ length: 50 }, (_, n) => users.replaceHash('1', passwordHash, `hash ${n}`)),
    );
    expect(replaced.filter(Boolean)).toHaveLength(1);
  });

  test('changes what it is told to and nothing else', async () => {
    const { users } = stores();
    const ada = user('1', 'ada');
    await users.add(ada);
    await users.add(user('2', 'bob'));
    expect(await users.change('1', { disabled: true })).toEqual({ ...ada, disabled: true });
    expect(await users.change('1', { roles: [], attributes: { a: 1 }, passwordHash: 'x' })).toEqual({
      ...ada,
      disabled: true,
      roles: [],
      attributes: { a: 1 },
      passwordHash: 'x',
    });
    expect((await users.findByUsername('ada'))?.passwordHash).toBe('x');
    expect(await users.find('2')).toEqual(user('2', 'bob'));
    expect(await users.change('3', { disabled: true })).toBeUndefined();
  });
});
