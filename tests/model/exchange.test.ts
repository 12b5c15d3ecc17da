import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { attachExchange, exchangeOf } from '../../src/model/exchange.ts';
import { makeExchange } from './make-exchange.ts';

describe('stopping', () => {
  test('tells whoever works for the exchange, once, with the first reason', () => {
    const exchange = makeExchange();
    const heard: Error[] = [];
    exchange.whenStopped((reason) => heard.push(reason));
    expect(exchange.stopped).toBeUndefined();
    const first = new Error('left');
    exchange.stop(first);
    exchange.stop(new Error('late'));
    expect(heard).toEqual([first]);
    expect(exchange.stopped).toBe(first);
  });

  test('only the last who asked hears it, and nobody after they let go', () => {
    const heard: string[] = [];
    const replaced = makeExchange();
    replaced.whenStopped(() => heard.push('first'));
    replaced.whenStopped(() => heard.push('second'));
    replaced.stop(new Error('left'));
    const released = makeExchange();
    released.whenStopped(() => heard.push('third'));
    released.whenStopped(undefined);
    released.stop(new Error('left'));
    expect(heard).toEqual(['second']);
  });

  test('who comes too late is told at once', () => {
    const exchange = makeExchange();
    const reason = new Error('left');
    exchange.stop(reason);
    const heard: Error[] = [];
    exchange.whenStopped((it) => heard.push(it));
    expect(heard).toEqual([reason]);
    expect(() => exchange.whenStopped(undefined)).not.toThrow();
  });
});

test('starts with nothing known of route and caller', () => {
  expect(makeExchange()).toMatchObject({
    route: undefined,
    params: {},
    principal: undefined,
    attempts: 0,
    replyBytes: 0,
  });
});

test('params of exchanges that matched nothing cannot be changed for all of them', () => {
  const { params } = makeExchange();
  expect(() => Object.assign(params, { id: '1' })).toThrow(TypeError);
});

test('is found again on its request, and only there', () => {
  const request = new IncomingMessage(new Socket());
  const exchange = makeExchange();
  expect(() => exchangeOf(request)).toThrow('did not pass the edge');
  attachExchange(request, exchange);
  expect(exchangeOf(request)).toBe(exchange);
  expect(Object.keys(request)).not.toContain('exchange');
});
