import { createForward } from '../../src/forwarding/forward.ts';
import type { Exchange } from '../../src/model/exchange.ts';
import { roundRobin } from '../../src/services/balancing/round-robin.ts';
import { InstanceState } from '../../src/services/instance-state.ts';
import { Pool } from '../../src/services/pool.ts';
import { type CallTimeouts, createTransport, type Transport } from '../../src/transport/transport.ts';
import { always, refusingPort, type Script, startScriptedUpstream } from '../support/scripted-upstream.ts';
import { startSilentAddress } from '../support/silent-address.ts';
import { makeExchange } from './make-exchange.ts';

let transport: Transport;
beforeEach(() => {
  transport = createTransport({ connectionsPerInstance: 4 });
});
afterEach(() => transport.close());

/** Forwards to these ports in turn, and writes down what it tells about them. */
function forwardTo(...ports: number[]) {
  return forwardWith({ connect: 1000, firstByte: 1000 }, ...ports);
}

function forwardWith(timeouts: CallTimeouts, ...ports: number[]) {
  const pool = new Pool('things', roundRobin.create(Math.random));
  pool.update(
    ports.map((port) => ({ id: `i${port}`, origin: `http://127.0.0.1:${port}`, weight: 1 })),
    (instance) => new InstanceState(instance),
  );
  const told: string[] = [];
  const forward = createForward({
    pool,
    transport,
    timeouts,
    total: 2000,
    clock: () => 0,
    headers: { preserveHost: false, forwardToken: false, pseudonym: 'garita-1' },
    pathOf: () => '/mapped',
    paths: undefined,
    onRetry: (service) => void told.push(`retry ${service}`),
    onReachability: ({ instance }, reachable) => void told.push(`${instance.id} ${reachable}`),
  });
  return { forward, told, states: pool.states };
}

const read = (exchange: Exchange, { body }: Awaited<ReturnType<ReturnType<typeof createForward>>>): Promise<string> =>
  new Promise((resolve, reject) => {
    let text = '';
    body.start({
      data: (chunk) => {
        text += chunk;
      },
      end: () => resolve(text),
      error: reject,
    });
    expect(exchange.attempts).toBeGreaterThan(0);
  });

const silentPort = async () => Number(new URL((await startSilentAddress()).url).port);
const start = async (script: Script) => (await startScriptedUpstream(script)).port;
const dies: Script = (_request, socket) => void socket.destroy();

test('the exchange tells what became of it, and the instance is busy until the body has ended', async () => {
  const upstream = await startScriptedUpstream(always(200, [], 'body'));
  const { forward, states, told } = forwardTo(upstream.port);
  const exchange = makeExchange({ query: '?a=b' });
  const answer = await forward(exchange);
  expect(exchange).toMatchObject({ instance: `i${upstream.port}`, attempts: 1, upstreamMs: 0 });
  expect(states[0]!.inFlight).toBe(1);
  expect(await read(exchange, answer)).toBe('body');
  expect(states[0]!.inFlight).toBe(0);
  expect(upstream.requests[0]!.target).toBe('/mapped?a=b');
  expect(told).toEqual([]);
});

test('nothing is begun for a caller who left while a guard was waiting', async () => {
  const upstream = await startScriptedUpstream(always(200));
  const { forward, states } = forwardTo(upstream.port);
  const exchange = makeExchange();
  const reason = new Error('gone');
  exchange.stop(reason);
  await expect(forward(exchange)).rejects.toBe(reason);
  expect(exchange).toMatchObject({ attempts: 0, deadline: undefined });
  expect(states[0]!.inFlight).toBe(0);
});

test('every instance may be tried while nothing was sent', async () => {
  const [a, b, c] = [await refusingPort(), await refusingPort(), await start(always(200))];
  const { forward, states, told } = forwardTo(a, b, c);
  const exchange = makeExchange({ method: 'POST', body: 'x' });
  expect((await forward(exchange)).status).toBe(200);
  expect(exchange.attempts).toBe(3);
  expect(told).toEqual([`i${a} false`, 'retry things', `i${b} false`, 'retry things']);
  expect(states.map(({ inFlight, reachable }) => [inFlight, reachable])).toEqual([
    [0, false],
    [0, false],
    [1, true],
  ]);
});

test('nobody there: 503 with Retry-After, and the next one is not even tried', async () => {
  const { forward } = forwardTo(await refusingPort());
  await expect(forward(makeExchange())).rejects.toMatchObject({
    code: 'GW_SERVICE_UNAVAILABLE',
    headers: ['Retry-After', '1'],
  });
  const next = makeExchange();
  await expect(forward(next)).rejects.toMatchObject({ code: 'GW_SERVICE_UNAVAILABLE' });
  expect(next.attempts).toBe(0);
});

test('nobody takes the connection in time: 504, and the next one finds nobody to try', async () => {
  const [a, b] = [await silentPort(), await silentPort()];
  const { forward, told } = forwardWith({ connect: 50, firstByte: 1000 }, a, b);
  await expect(forward(makeExchange({ method: 'POST', body: 'x' }))).rejects.toMatchObject({
    code: 'GW_UPSTREAM_TIMEOUT',
  });
  expect(told).toEqual([`i${a} false`, 'retry things', `i${b} false`]);
  await expect(forward(makeExchange())).rejects.toMatchObject({ code: 'GW_SERVICE_UNAVAILABLE' });
});

test('one that is silent among others that refuse or answer changes nothing for the caller', async () => {
  const silent = await silentPort();
  const { forward } = forwardWith({ connect: 50, firstByte: 1000 }, silent, await start(always(200)));
  expect((await forward(makeExchange({ method: 'POST', body: 'x' }))).status).toBe(200);
  for (const ports of [
    [silent, await refusingPort()],
    [await refusingPort(), silent],
  ])
    await expect(forwardWith({ connect: 50, firstByte: 1000 }, ...ports).forward(makeExchange())).rejects.toMatchObject(
      {
        code: 'GW_SERVICE_UNAVAILABLE',
      },
    );
});

test('a single instance gets a read again: it may only have closed an idle connection', async () => {
  let requests = 0;
  const port = await start((seen, socket) => (++requests === 1 ? dies : always(200))(seen, socket));
  expect((await forwardTo(port).forward(makeExchange())).status).toBe(200);
  expect(requests).toBe(2);
});

test('a resent read may meet instances that refuse, and still finds the one that answers', async () => {
  const { forward } = forwardTo(await start(dies), await refusingPort(), await start(always(200)));
  const exchange = makeExchange();
  expect((await forward(exchange)).status).toBe(200);
  expect(exchange.attempts).toBe(3);
});

test('a write that went out is not sent again, whatever happened to it', async () => {
  for (const [script, code, firstByte] of [
    [dies, 'GW_UPSTREAM_FAILED', 1000],
    [() => {}, 'GW_UPSTREAM_TIMEOUT', 50],
  ] as const) {
    const upstream = await startScriptedUpstream(script);
    const exchange = makeExchange({ method: 'POST', body: 'x' });
    await expect(
      forwardWith({ connect: 1000, firstByte }, upstream.port, upstream.port).forward(exchange),
    ).rejects.toMatchObject({ code });
    expect([exchange.attempts, upstream.requests.length]).toEqual([1, 1]);
  }
});

test('an exchange that is stopped rejects with its reason and goes nowhere else', async () => {
  const upstream = await startScriptedUpstream(() => {});
  const { forward, states } = forwardTo(upstream.port, upstream.port);
  const exchange = makeExchange();
  const going = forward(exchange);
  await upstream.request(1);
  exchange.stop(new Error('the caller left'));
  await expect(going).rejects.toThrow('the caller left');
  expect([exchange.attempts, states[0]!.inFlight]).toEqual([1, 0]);
  await upstream.disconnected();
});
