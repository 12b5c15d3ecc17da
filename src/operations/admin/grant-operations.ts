import * as z from 'zod';
import { expecting } from '../../config/expecting.ts';
import type { Administration } from '../../oauth/administration/administration.ts';
import { revocation } from '../../oauth/administration/revocations.ts';
import { answers, listOf } from './answers.ts';
import { defineOperation, type Operation } from './operation.ts';
import { pageQuery, toList } from './pages.ts';

const text = z.exactOptional(z.string().min(1, expecting('a text')));

/** What users allowed clients, and what is taken back before its time. */
export function grantOperations(administration: Pick<Administration, 'grants' | 'revocations'>): readonly Operation[] {
  const { grants, revocations } = administration;
  return [
    defineOperation({
      id: 'listGrants',
      method: 'get',
      path: '/grants',
      summary: 'Live grants of users to clients, the newest first',
      query: z.strictObject({
        subject: text.describe('sub of a user.'),
        clientId: text.describe('Id of a client.'),
        ...pageQuery,
      }),
      answer: { status: 200, schema: listOf(answers.Grant) },
      refusals: ['ADMIN_INVALID'],
      async handle({ query: { limit, after, ...filter } }) {
        const page = { limit: limit + 1, ...(after !== undefined && { after }) };
        return { body: toList(await grants.list(filter, page), limit, ({ id }) => id) };
      },
    }),
    defineOperation({
      id: 'revokeGrant',
      method: 'delete',
      path: '/grants/{id}',
      summary: 'Revokes a grant with all its tokens',
      answer: { status: 204 },
      refusals: ['ADMIN_NOT_FOUND'],
      async handle({ path, by }) {
        await grants.revoke(path.id!, by);
        return {};
      },
    }),
    defineOperation({
      id: 'listRevocations',
      method: 'get',
      path: '/revocations',
      summary: 'The revocations that are in force',
      answer: { status: 200, schema: listOf(answers.Revocation) },
      refusals: [],
      handle: async () => ({ body: { items: await revocations.list() } }),
    }),
    defineOperation({
      id: 'revoke',
      method: 'post',
      path: '/revocations',
      summary:
        'Takes back a token, or all tokens of a grant, a user or a client, or all there are, with what could renew them',
      body: revocation,
      checkedLater: true,
      answer: { status: 204 },
      refusals: ['ADMIN_INVALID', 'ADMIN_BODY_TOO_LARGE', 'ADMIN_MEDIA_TYPE'],
      async handle({ body, by }) {
        await revocations.revoke(body, by);
        return {};
      },
    }),
  ];
}
