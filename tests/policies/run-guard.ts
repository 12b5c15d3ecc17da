import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Request, RequestHandler, Response } from 'express';
import { runGuards } from '../../src/edge/run-guards.ts';
import { GatewayError } from '../../src/errors/gateway-error.ts';
import { attachExchange, type Exchange } from '../../src/model/exchange.ts';

/** Sends an exchange through a guard as the edge does. Gives the error that it is refused with, or undefined. */
export async function runGuard(guard: RequestHandler, exchange: Exchange): Promise<GatewayError | undefined> {
  const request = new IncomingMessage(new Socket());
  attachExchange(request, exchange);
  try {
    await runGuards([guard], request as Request, new ServerResponse(request) as Response);
    return undefined;
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
}
