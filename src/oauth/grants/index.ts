import { clientCredentials } from './client-credentials.ts';
import type { Grant } from './grant.ts';

/** The grants that the token endpoint offers. Another one is a file and a line here. */
export const grants: readonly Grant[] = [clientCredentials];
