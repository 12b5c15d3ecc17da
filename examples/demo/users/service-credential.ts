import { hash, timingSafeEqual } from 'node:crypto';
import { Problem } from '../service/problem.ts';
import type { Handler } from '../service/router.ts';

/** Puts a handler behind the service credential: `Authorization: Bearer <secret>`, compared in constant time. */
export function requireServiceCredential(secret: string): (handler: Handler) => Handler {
  const expected = digest(secret);
  return (handler) => (call) => {
    const [scheme, presented = ''] = call.request.headers.authorization?.split(' ') ?? [];
    if (scheme?.toLowerCase() === 'bearer' && timingSafeEqual(digest(presented), expected)) return handler(call);
    throw new Problem(401, 'This is for services that present the service credential.', {
      code: 'service_credential_required',
      headers: { 'WWW-Authenticate': 'Bearer realm="users"' },
    });
  };
}

/** Of one length whatever was presented, as a comparison in constant time needs. */
function digest(value: string): Buffer {
  return hash('sha256', value, 'buffer');
}
