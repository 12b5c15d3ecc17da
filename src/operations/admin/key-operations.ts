import type { Administration } from '../../oauth/administration/administration.ts';
import { answers, listOf } from './answers.ts';
import { defineOperation, type Operation } from './operation.ts';

/** The keys that sign tokens. */
export function keyOperations({ keys }: Pick<Administration, 'keys'>): readonly Operation[] {
  return [
    defineOperation({
      id: 'listKeys',
      method: 'get',
      path: '/keys',
      summary: 'The signing keys: the public part is in the key set of the issuer',
      answer: { status: 200, schema: listOf(answers.Key) },
      refusals: [],
      handle: async () => ({ body: { items: await keys.list() } }),
    }),
    defineOperation({
      id: 'rotateKey',
      method: 'post',
      path: '/keys',
      summary: 'Publishes a new key, which takes over when verifiers elsewhere had time to see it',
      answer: { status: 201, schema: answers.Key },
      refusals: ['ADMIN_CONFLICT'],
      handle: async ({ by }) => ({ body: await keys.rotate(by) }),
    }),
    defineOperation({
      id: 'dropKey',
      method: 'delete',
      path: '/keys/{id}',
      summary: 'Removes a key at once, with every token that it signed: for one that others may have',
      answer: { status: 204 },
      refusals: ['ADMIN_NOT_FOUND'],
      async handle({ path, by }) {
        await keys.drop(path.id!, by);
        return {};
      },
    }),
  ];
}
