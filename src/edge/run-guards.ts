import type { Request, RequestHandler, Response } from 'express';
import { GatewayError } from '../errors/gateway-error.ts';

/**
 * Runs guards one after the other, as Express would. Resolves when all have let the request pass, rejects with the
 * first error; stays pending when a guard has answered by itself. A second `next` does nothing, and `next('route')`
 * means that this route is not for the request after all: it never means that the guards after it are left out.
 */
export async function runGuards(
  guards: readonly RequestHandler[],
  request: Request,
  response: Response,
): Promise<void> {
  for (const guard of guards) {
    const pending = runGuard(guard, request, response);
    if (pending !== undefined) await pending;
  }
}

/** Undefined when the guard has let the request pass at once: most do, and waiting for nothing costs a turn each. */
function runGuard(guard: RequestHandler, request: Request, response: Response): Promise<void> | undefined {
  let verdict: { readonly error: unknown } | undefined;
  let onVerdict: (() => void) | undefined;
  const next = (error?: unknown): void => {
    if (verdict !== undefined) return;
    verdict = { error };
    onVerdict?.();
  };
  // A guard may be async: its promise only matters when it rejects.
  const result: unknown = guard(request, response, next);
  if (result instanceof Promise) result.catch(next);
  if (verdict !== undefined) {
    conclude(verdict);
    return undefined;
  }
  return new Promise((resolve, reject) => {
    onVerdict = () => {
      try {
        resolve(conclude(verdict!));
      } catch (error) {
        reject(error);
      }
    };
  });
}

function conclude({ error }: { readonly error: unknown }): void {
  if (error === 'route' || error === 'router') throw new GatewayError('GW_NO_ROUTE');
  if (error !== undefined && error !== null) throw error;
}
