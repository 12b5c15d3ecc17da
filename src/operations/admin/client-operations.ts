import * as z from 'zod';
import { flag, integer } from '../../config/values.ts';
import type { Administration } from '../../oauth/administration/administration.ts';
import { longestOverlap, usualOverlap } from '../../oauth/administration/clients.ts';
import { newClient } from '../../oauth/administration/new-client.ts';
import { answers, listOf } from './answers.ts';
import { defineOperation, type Operation } from './operation.ts';
import { pageQuery, toList } from './pages.ts';

/** OAuth clients. */
export function clientOperations({ clients }: Pick<Administration, 'clients'>): readonly Operation[] {
  return [
    defineOperation({
      id: 'listClients',
      method: 'get',
      path: '/clients',
      summary: 'The clients of the configuration and of the store, by id',
      query: z.strictObject(pageQuery),
      answer: { status: 200, schema: listOf(answers.Client) },
      refusals: ['ADMIN_INVALID'],
      async handle({ query: { limit, after } }) {
        const all = await clients.list();
        const rest = after === undefined ? all : all.filter(({ id }) => id > after);
        return { body: toList(rest, limit, ({ id }) => id) };
      },
    }),
    defineOperation({
      id: 'addClient',
      method: 'post',
      path: '/clients',
      summary: 'Adds a client; a confidential one gets a secret, which is shown only here',
      body: newClient([]),
      checkedLater: true,
      answer: { status: 201, schema: answers.NewClient },
      refusals: ['ADMIN_INVALID', 'ADMIN_CONFLICT', 'ADMIN_BODY_TOO_LARGE', 'ADMIN_MEDIA_TYPE'],
      async handle({ body, by }) {
        const added = await clients.add(body, by);
        return { body: added, location: `/clients/${encodeURIComponent(added.client.id)}` };
      },
    }),
    defineOperation({
      id: 'findClient',
      method: 'get',
      path: '/clients/{id}',
      summary: 'One client',
      answer: { status: 200, schema: answers.Client },
      refusals: ['ADMIN_NOT_FOUND'],
      handle: async ({ path }) => ({ body: await clients.find(path.id!) }),
    }),
    defineOperation({
      id: 'changeClient',
      method: 'patch',
      path: '/clients/{id}',
      summary: 'Disables a client, which revokes its tokens and grants, or enables it again',
      body: z.strictObject({ disabled: flag }),
      answer: { status: 200, schema: answers.Client },
      refusals: ['ADMIN_INVALID', 'ADMIN_NOT_FOUND', 'ADMIN_CONFLICT', 'ADMIN_BODY_TOO_LARGE', 'ADMIN_MEDIA_TYPE'],
      handle: async ({ path, body, by }) => ({ body: await clients.setDisabled(path.id!, body.disabled, by) }),
    }),
    defineOperation({
      id: 'rotateClientSecret',
      method: 'post',
      path: '/clients/{id}/secret',
      summary: 'Makes a new secret, shown only here; the one before works on for a while',
      body: z
        .strictObject({
          overlap: integer(0, longestOverlap)
            .default(usualOverlap)
            .describe('Seconds for which the secret before works on; 0 ends it now.'),
        })
        .prefault({}),
      answer: { status: 200, schema: answers.ClientSecret },
      refusals: ['ADMIN_INVALID', 'ADMIN_NOT_FOUND', 'ADMIN_CONFLICT', 'ADMIN_BODY_TOO_LARGE', 'ADMIN_MEDIA_TYPE'],
      handle: async ({ path, body, by }) => ({ body: await clients.rotateSecret(path.id!, body.overlap, by) }),
    }),
  ];
}
