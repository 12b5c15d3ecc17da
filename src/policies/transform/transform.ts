import { createHash } from 'node:crypto';
import type { RequestHandler } from 'express';
import { type Exchange, exchangeOf, type Forward } from '../../model/exchange.ts';
import type { HeaderEdit } from '../../model/headers.ts';
import { definePolicy } from '../policy.ts';
import { type Edits, isEmpty } from './edits.ts';
import { compileHeaderEdits } from './header-edits.ts';
import { options } from './options.ts';
import { compileQueryEdits } from './query-edits.ts';
import { compileShape } from './shape.ts';
import { askForWhole, type ReplyShape, shapeReply } from './shape-reply.ts';
import { shapeRequest } from './shape-request.ts';

type Options = (typeof options)['_output'];

/** `transform`: what a service gets differs from what was sent, and what the caller gets from what it said. */
export const transform = definePolicy({
  name: 'transform',
  options,
  check(chosen, { params, id }) {
    return findCaptures(chosen)
      .filter(({ parameter }) => !params.has(parameter))
      .map(({ parameter, path }) => ({ path, message: `route ${id} captures no {${parameter}}` }));
  },
  create({ request, response }) {
    const shape = replyShapeOf(response);
    return { guard: changeRequest(request, shape), wrap: (next) => changeReply(response, shape, next) };
  },
});

interface AskedCapture {
  readonly parameter: string;
  readonly path: readonly string[];
}

/** Every capture that values ask for, and where. */
function findCaptures({ request, response }: Options): AskedCapture[] {
  const inEdits = (edits: Edits, path: readonly string[]): AskedCapture[] =>
    (['set', 'add'] as const).flatMap((kind) =>
      Object.entries(edits[kind]).flatMap(([name, { parameters }]) =>
        parameters.map((parameter) => ({ parameter, path: [...path, kind, name] })),
      ),
    );
  const inJson = (side: string, json: Options['request']['json']): AskedCapture[] =>
    (json?.set ?? []).flatMap(({ parameters, written }) =>
      parameters.map((parameter) => ({ parameter, path: [side, 'json', 'set', written] })),
    );
  return [
    ...inEdits(request.headers, ['request', 'headers']),
    ...inEdits(request.query, ['request', 'query']),
    ...inJson('request', request.json),
    ...inEdits(response.headers, ['response', 'headers']),
    ...inJson('response', response.json),
  ];
}

/** A guard and no wrap, so that it counts for WebSockets as well. What the caller asked for stays as it was asked. */
function changeRequest({ headers, query, json }: Options['request'], reply: ReplyShape | undefined): RequestHandler {
  const editQuery = isEmpty(query) ? undefined : compileQueryEdits(query);
  const editHeaders = isEmpty(headers) ? undefined : compileHeaderEdits(headers);
  const shape = json && compileShape({ ...json, envelope: undefined });
  return (request, _response, next) => {
    const exchange = exchangeOf(request);
    const { params } = exchange;
    if (editQuery !== undefined) exchange.upstreamQuery = editQuery(exchange.upstreamQuery, params);
    const edits: HeaderEdit[] = [];
    if (editHeaders !== undefined) edits.push((fields) => editHeaders(fields, params));
    if (reply !== undefined) edits.push(askForWhole(reply.form));
    if (edits.length > 0) exchange.headerEdits = [...exchange.headerEdits, ...edits];
    if (shape === undefined || json === undefined) return next();
    return shapeRequest(exchange, shape, json.limit).then(() => next(), next);
  };
}

function replyShapeOf({ json }: Options['response']): ReplyShape | undefined {
  if (json === undefined) return undefined;
  const form = createHash('sha256').update(JSON.stringify(json)).digest('hex').slice(0, 8);
  return { shape: compileShape({ ...json, envelope: json.envelope }), form, on: json.on, limit: json.limit };
}

function changeReply(
  { headers, status }: Options['response'],
  shape: ReplyShape | undefined,
  next: Forward,
): (exchange: Exchange) => ReturnType<Forward> {
  const editHeaders = isEmpty(headers) ? undefined : compileHeaderEdits(headers);
  return async (exchange) => {
    const said = await next(exchange);
    const reply = shape === undefined ? said : await shapeReply(said, exchange, shape);
    return {
      ...reply,
      status: status.get(reply.status) ?? reply.status,
      headers: editHeaders === undefined ? reply.headers : editHeaders(reply.headers, exchange.params),
    };
  };
}
