import { authorizationCode } from './authorization-code.ts';
import { clientCredentials } from './client-credentials.ts';
import type { Grant } from './grant.ts';
import { password } from './password.ts';
import { refreshToken } from './refresh-token.ts';

/** The grants that the token endpoint offers. Another one is a file and a line here. */
export const grants: readonly Grant[] = [authorizationCode, refreshToken, clientCredentials, password];
