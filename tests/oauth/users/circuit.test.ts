import { Circuit } from '../../../src/oauth/users/circuit.ts';

function open() {
  const time = { now: 0 };
  const circuit = new Circuit({ failures: 2, rest: 2, clock: () => time.now });
  const fail = () => circuit.run(() => Promise.reject(new Error('failed'))).catch((error: Error) => error.message);
  return { time, circuit, fail };
}

test('failures that are not in a row do not open it', async () => {
  const { circuit, fail } = open();
  for (let i = 0; i < 5; i += 1) {
    expect(await fail()).toBe('failed');
    expect(await circuit.run(async () => 'fine')).toBe('fine');
  }
});

test('a try that fails makes it rest again', async () => {
  const { circuit, fail, time } = open();
  await fail();
  await fail();
  await expect(circuit.run(async () => 'fine')).rejects.toMatchObject({ name: 'CircuitOpenError', retryAfter: 2 });
  time.now = 2;
  expect(await fail()).toBe('failed');
  time.now = 3.5;
  await expect(circuit.run(async () => 'fine')).rejects.toMatchObject({ retryAfter: 1 });
  time.now = 4;
  expect(await circuit.run(async () => 'fine')).toBe('fine');
});

test('while one tries, the others are refused', async () => {
  const { circuit, fail, time } = open();
  await fail();
  await fail();
  time.now = 2;
  const { promise, resolve } = Promise.withResolvers<string>();
  const probe = circuit.run(() => promise);
  await expect(circuit.run(async () => 'fine')).rejects.toMatchObject({ name: 'CircuitOpenError', retryAfter: 1 });
  resolve('alive');
  expect(await probe).toBe('alive');
  expect(await circuit.run(async () => 'fine')).toBe('fine');
});
