import * as z from 'zod';
import { flag } from '../../config/values.ts';
import type { Administration, UserView } from '../../oauth/administration/administration.ts';
import { newUser, password, roles } from '../../oauth/administration/new-user.ts';
import { answers, listOf } from './answers.ts';
import { defineOperation, type Operation } from './operation.ts';
import { pageQuery, toList } from './pages.ts';

const nothing = { error: 'say what to change: disabled, roles or both' };

/** Users of the embedded directory, each named by id or username. */
export function userOperations({ users }: Pick<Administration, 'users'>): readonly Operation[] {
  return [
    defineOperation({
      id: 'listUsers',
      method: 'get',
      path: '/users',
      summary: 'The users of the embedded directory, by username',
      query: z.strictObject(pageQuery),
      answer: { status: 200, schema: listOf(answers.User) },
      refusals: ['ADMIN_INVALID', 'ADMIN_UNSUPPORTED'],
      async handle({ query }) {
        const found = await users.list({ ...query, limit: query.limit + 1 });
        return { body: toList(found, query.limit, ({ username }) => username) };
      },
    }),
    defineOperation({
      id: 'addUser',
      method: 'post',
      path: '/users',
      summary: 'Adds a user',
      body: newUser,
      checkedLater: true,
      answer: { status: 201, schema: answers.User },
      refusals: ['ADMIN_INVALID', 'ADMIN_CONFLICT', 'ADMIN_UNSUPPORTED', 'ADMIN_BODY_TOO_LARGE', 'ADMIN_MEDIA_TYPE'],
      async handle({ body, by }) {
        const user = await users.add(body, by);
        return { body: user, location: `/users/${encodeURIComponent(user.id)}` };
      },
    }),
    defineOperation({
      id: 'findUser',
      method: 'get',
      path: '/users/{user}',
      summary: 'One user, by id or username',
      answer: { status: 200, schema: answers.User },
      refusals: ['ADMIN_NOT_FOUND', 'ADMIN_UNSUPPORTED'],
      handle: async ({ path }) => ({ body: await users.find(path.user!) }),
    }),
    defineOperation({
      id: 'changeUser',
      method: 'patch',
      path: '/users/{user}',
      summary: 'Disables or enables a user, or gives other roles; signs the user out everywhere',
      body: z
        .strictObject({ disabled: z.exactOptional(flag), roles: z.exactOptional(roles) })
        .refine((changes) => Object.keys(changes).length > 0, nothing),
      answer: { status: 200, schema: answers.User },
      refusals: ['ADMIN_INVALID', 'ADMIN_NOT_FOUND', 'ADMIN_UNSUPPORTED', 'ADMIN_BODY_TOO_LARGE', 'ADMIN_MEDIA_TYPE'],
      async handle({ path, body, by }) {
        let user: UserView | undefined;
        if (body.roles !== undefined) user = await users.setRoles(path.user!, body.roles, by);
        if (body.disabled !== undefined) user = await users.setDisabled(path.user!, body.disabled, by);
        return { body: user };
      },
    }),
    defineOperation({
      id: 'setPassword',
      method: 'put',
      path: '/users/{user}/password',
      summary: 'Gives a user another password, and signs the user out everywhere',
      body: z.strictObject({ password }),
      answer: { status: 200, schema: answers.User },
      refusals: ['ADMIN_INVALID', 'ADMIN_NOT_FOUND', 'ADMIN_UNSUPPORTED', 'ADMIN_BODY_TOO_LARGE', 'ADMIN_MEDIA_TYPE'],
      handle: async ({ path, body, by }) => ({ body: await users.setPassword(path.user!, body.password, by) }),
    }),
  ];
}
