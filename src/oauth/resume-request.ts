import type { Request } from 'express';
import type { AuthorizationRequest } from './authorization-request.ts';
import type { Form } from './form.ts';
import type { Interactions } from './interactions.ts';
import { PageError } from './pages/page-error.ts';

/** Reads the parameters of an authorization request, as `readAuthorizationRequest` does. */
export type ReadRequest = (parameters: Form) => Promise<AuthorizationRequest>;

/** An authorization request on the way through the pages. */
export interface ResumedRequest {
  /** The id of its interaction. */
  readonly id: string;
  readonly request: AuthorizationRequest;
}

/** The query parameter of the pages that says which interaction it is about. */
const parameter = 'interaction';

/** The address of a page about an interaction. */
export const interactionUrl = (page: string, id: string): string => `${page}?${parameter}=${encodeURIComponent(id)}`;

/**
 * Finds the authorization request that a page is about. It is read anew: the client may have changed meanwhile. Rejects
 * with a PageError when there is none for this browser, and as `readRequest` does.
 */
export async function resumeRequest(
  req: Request,
  interactions: Pick<Interactions, 'find'>,
  readRequest: ReadRequest,
): Promise<ResumedRequest> {
  const id = new URLSearchParams(req.url.split('?', 2)[1]).get(parameter) ?? undefined;
  const interaction = await interactions.find(req, id);
  if (interaction === undefined) throw new PageError('stale');
  return { id: interaction.id, request: await readRequest(new Map(Object.entries(interaction.request))) };
}
