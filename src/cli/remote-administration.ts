import type { Administration } from '../oauth/administration/administration.ts';
import { type AdminRequestsOptions, createAdminRequests } from './admin-requests.ts';

/**
 * The administration of a gateway that runs, over its admin API. Who does something is for the gateway to say: it goes by
 * the token. Rejects with an AdministrationError as the gateway's own would, otherwise with a CommandError.
 */
export function createRemoteAdministration(options: AdminRequestsOptions): Administration {
  const { send, list } = createAdminRequests(options);
  const part = encodeURIComponent;
  const listAll = async <T>(path: string): Promise<T[]> => (await send<{ items: T[] }>('GET', path)).items;
  return {
    clients: {
      list: () => list('/clients'),
      find: (id) => send('GET', `/clients/${part(id)}`),
      add: (input) => send('POST', '/clients', input),
      rotateSecret: (id, overlap) => send('POST', `/clients/${part(id)}/secret`, { overlap }),
      setDisabled: (id, disabled) => send('PATCH', `/clients/${part(id)}`, { disabled }),
    },
    users: {
      list: ({ limit, after }) => list('/users', { after }, limit),
      find: (user) => send('GET', `/users/${part(user)}`),
      add: (input) => send('POST', '/users', input),
      setDisabled: (user, disabled) => send('PATCH', `/users/${part(user)}`, { disabled }),
      setPassword: (user, password) => send('PUT', `/users/${part(user)}/password`, { password }),
      setRoles: (user, roles) => send('PATCH', `/users/${part(user)}`, { roles }),
    },
    grants: {
      list: ({ subject, clientId }, { limit, after }) => list('/grants', { subject, clientId, after }, limit),
      revoke: (id) => send('DELETE', `/grants/${part(id)}`),
    },
    revocations: {
      revoke: (revocation) => send('POST', '/revocations', revocation),
      list: () => listAll('/revocations'),
    },
    keys: {
      list: () => listAll('/keys'),
      rotate: () => send('POST', '/keys'),
      drop: (id) => send('DELETE', `/keys/${part(id)}`),
    },
    audit: {
      query: (filter, { limit, after }) => list('/audit', { ...filter, after }, limit),
    },
  };
}
