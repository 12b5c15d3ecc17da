import { administer, operator } from '../administer.ts';
import { administrationOptions, confirmOption } from '../administration-options.ts';
import { defineCommand } from '../command.ts';
import { confirm } from '../prompts.ts';

/** `garita revoke everything`: for the day on which nobody knows who has what. */
export const revokeEverythingCommand = defineCommand({
  name: 'revoke everything',
  summary: 'Revokes every access token and every grant that there is',
  usage: 'revoke everything [--yes]',
  options: { ...confirmOption, ...administrationOptions },
  async run(context) {
    if (!context.values.yes)
      await confirm(
        context,
        'Every access token and refresh token that there is will be refused: users and services have to get new ones.',
      );
    await administer(context, ({ revocations }) => revocations.revoke({ level: 'everything' }, operator));
    context.stdout.write('revoked every access token and every grant\n');
    return 0;
  },
});
