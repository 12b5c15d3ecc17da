import { statusOf } from '../support/raw-client.ts';
import { attack, memoryInUse, openSockets, ordinary, startTarget } from './attack.ts';
import { hostileRequests } from './hostile-requests.ts';

/** Every reply that was begun on a connection. */
const statusesOf = (received: string): number[] =>
  received === '' ? [] : received.split(/(?=HTTP\/1\.1 \d{3} )/).map(statusOf);

test('no hostile request harms the next ordinary one, or is answered with anything but HTTP', async () => {
  const { gateway, upstream } = await startTarget();
  for (const [name, bytes] of hostileRequests) {
    const statuses = statusesOf(await attack(gateway.port, [bytes]));
    const answer = await ordinary(gateway.port);
    expect([name, statuses.filter(Number.isNaN), statuses.includes(500), statusOf(answer)]).toEqual([
      name,
      [],
      false,
      200,
    ]);
    expect(answer).toMatch(/POST 5$/);
  }
  expect(upstream.faults).toEqual([]);
  expect(gateway.log.filter(({ level }) => level === 'error')).toEqual([]);
}, 120_000);

test('no request that hides in another one reaches the service', async () => {
  const { gateway, upstream } = await startTarget();
  // A request that is refused as a whole ends where it says, and the next one is a request of its own.
  const open = new Set(['a request behind a refused one']);
  for (const [name, bytes] of hostileRequests)
    if (bytes.includes('/smuggled') && !open.has(name)) await attack(gateway.port, [bytes]);
  expect(upstream.requests.filter(({ target }) => target.includes('smuggled'))).toEqual([]);
}, 60_000);

test('byte by byte it is all the same', async () => {
  const { gateway, upstream } = await startTarget();
  const short = hostileRequests.filter(([, bytes]) => bytes.length < 400);
  await Promise.all(short.map(([, bytes]) => attack(gateway.port, [...bytes])));
  expect(statusOf(await ordinary(gateway.port))).toBe(200);
  expect(upstream.faults).toEqual([]);
}, 60_000);

test('afterwards memory and sockets are what they were', async () => {
  const { gateway, upstream } = await startTarget();
  const round = async (): Promise<void> => {
    for (let i = 0; i < hostileRequests.length; i += 20)
      await Promise.all(hostileRequests.slice(i, i + 20).map(([, bytes]) => attack(gateway.port, [bytes])));
    // What is held back for a late answer, or for the rest of a request, has its time limit.
    while (openSockets() > before.sockets + 2 * upstream.openConnections)
      await new Promise((done) => setTimeout(done, 20));
  };
  const before = { sockets: openSockets(), memory: 0 };
  await round();
  before.memory = memoryInUse();
  for (let turn = 0; turn < 3; turn += 1) await round();
  (gateway.log as unknown[]).length = 0;
  expect(memoryInUse() - before.memory).toBeLessThan(12_000_000);
  expect(statusOf(await ordinary(gateway.port))).toBe(200);
}, 120_000);
