import { type Administration, AdministrationError } from '../../oauth/administration/administration.ts';
import { administer, operator } from '../administer.ts';
import { administrationOptions } from '../administration-options.ts';
import { defineCommand } from '../command.ts';

/** `garita revoke user`. */
export const revokeUserCommand = defineCommand({
  name: 'revoke user',
  summary: 'Revokes everything that a user has: access tokens, grants and sessions',
  usage: 'revoke user <user>',
  argument: { name: 'user' },
  options: administrationOptions,
  async run(context) {
    const { argument, stdout } = context;
    const id = await administer(context, async (administration) => {
      const subject = await findSubject(administration, argument);
      await administration.revocations.revoke({ level: 'user', id: subject }, operator);
      return subject;
    });
    stdout.write(`revoked every token, grant and session of the user ${id}\n`);
    return 0;
  },
});

/** Users of the embedded directory go by their username, too; of others only `sub` is known here. */
async function findSubject({ users }: Administration, user: string): Promise<string> {
  try {
    return (await users.find(user)).id;
  } catch (error) {
    if (error instanceof AdministrationError && error.problem === 'unsupported') return user;
    throw error;
  }
}
