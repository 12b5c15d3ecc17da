import { readJson } from '../service/json-body.ts';
import { Problem } from '../service/problem.ts';
import { jsonReply, type Reply } from '../service/reply.ts';
import { notFound } from '../service/resource-id.ts';
import type { Handler, Routes } from '../service/router.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { registerUser } from './register-user.ts';
import { readCredentials, readRegistration, readRoles, readStatus, type User } from './user.ts';
import type { UserStore } from './user-store.ts';

/** Accounts are nobody's to keep a copy of. */
const NO_STORE = { 'Cache-Control': 'no-store' };

/** The API of users. Only registration is open; all else goes through `protect`. */
export function userRoutes(
  store: UserStore,
  passwords: PasswordHasher,
  protect: (handler: Handler) => Handler,
): Routes {
  return {
    '/users': {
      POST: async ({ request }) => {
        const user = await registerUser(store, passwords, readRegistration(await readJson(request)));
        if (typeof user === 'string') throw takenProblem[user]();
        return jsonReply(user, { ...NO_STORE, Location: `/users/${user.sub}` }, 201);
      },
    },
    '/users/{sub}': {
      GET: protect(({ parameters }) => userReply(store.find(parameters.sub!))),
    },
    '/users/{sub}/claims': {
      GET: protect(({ parameters }) => claimsReply(store.find(parameters.sub!))),
    },
    '/users/{sub}/roles': {
      PUT: protect(async ({ request, parameters }) => {
        const { roles } = readRoles(await readJson(request));
        return userReply(store.setRoles(parameters.sub!, roles));
      }),
    },
    '/users/{sub}/status': {
      PUT: protect(async ({ request, parameters }) => {
        const { status } = readStatus(await readJson(request));
        return userReply(store.setStatus(parameters.sub!, status));
      }),
    },
    '/credentials/verify': {
      POST: protect(async ({ request }) => {
        const { username, password } = readCredentials(await readJson(request));
        const found = store.findBySignIn(username);
        // The password first: only who knows it learns that the account exists and is disabled.
        if (!(await passwords.verify(password, found?.passwordHash)) || !found) throw wrongCredentials();
        return claimsReply(found.user);
      }),
    },
  };
}

function userReply(user: User | undefined): Reply {
  if (!user) throw notFound('user');
  return jsonReply(user, NO_STORE);
}

/** What tokens may say of a user, as long as the account may be used. */
function claimsReply(user: User | undefined): Reply {
  if (!user) throw notFound('user');
  const { sub, username, displayName, email, roles, status } = user;
  if (status === 'disabled') throw new Problem(423, 'The account is disabled.', { code: 'disabled' });
  return jsonReply({ sub, claims: { preferred_username: username, name: displayName, email, roles } }, NO_STORE);
}

const takenProblem = {
  username: () => new Problem(409, 'This username is taken.', { code: 'username_taken' }),
  email: () => new Problem(409, 'There is an account with this email already.', { code: 'email_taken' }),
};

function wrongCredentials(): Problem {
  return new Problem(401, 'The username or the password is wrong.', { code: 'wrong_credentials' });
}
