import type { Request, RequestHandler, Response } from 'express';
import { runGuards } from '../../src/edge/run-guards.ts';

const run = (...guards: RequestHandler[]) => runGuards(guards, {} as Request, {} as Response);
const pass: RequestHandler = (_request, _response, next) => next();

test('guards run in order, one after the other', async () => {
  const order: string[] = [];
  await run(
    async (_request, _response, next) => {
      await Promise.resolve();
      order.push('first');
      next();
    },
    (_request, _response, next) => {
      order.push('second');
      next();
    },
  );
  expect(order).toEqual(['first', 'second']);
});

test('a second next does nothing, even with an error', async () => {
  let after = 0;
  await run(
    (_request, _response, next) => {
      next();
      next();
      next(new Error('too late'));
    },
    (_request, _response, next) => {
      after += 1;
      next();
    },
  );
  expect(after).toBe(1);
});

test.each(['route', 'router'])(
  'next(%j) never leaves out the guards behind it: the request has no route',
  async (word) => {
    let reached = false;
    const skipping: RequestHandler = (_request, _response, next) => next(word);
    const behind: RequestHandler = (_request, _response, next) => {
      reached = true;
      next();
    };
    await expect(run(skipping, behind)).rejects.toMatchObject({ code: 'GW_NO_ROUTE' });
    expect(reached).toBe(false);
  },
);

test.each<[string, RequestHandler]>([
  [
    'thrown',
    () => {
      throw new Error('no');
    },
  ],
  [
    'rejected',
    async () => {
      throw new Error('no');
    },
  ],
  ['passed on', (_request, _response, next) => next(new Error('no'))],
])('an error that is %s ends the run', async (_how, guard) => {
  await expect(run(pass, guard, pass)).rejects.toThrow('no');
});

test('an error after next has been called is not lost in the process', async () => {
  await run(async (_request, _response, next) => {
    next();
    throw new Error('too late');
  });
});

test('a guard that has answered by itself keeps the request', async () => {
  let passed = false;
  void run(() => {}, pass).then(() => {
    passed = true;
  });
  await new Promise(setImmediate);
  expect(passed).toBe(false);
});

test('no guards, no wait', async () => {
  await expect(run()).resolves.toBeUndefined();
});
