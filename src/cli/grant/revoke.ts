import { administer, operator } from '../administer.ts';
import { administrationOptions } from '../administration-options.ts';
import { defineCommand } from '../command.ts';

/** `garita grant revoke`: what a user allowed to a client is over. */
export const grantRevokeCommand = defineCommand({
  name: 'grant revoke',
  summary: 'Ends a grant with all of its tokens',
  usage: 'grant revoke <id>',
  argument: { name: 'id' },
  options: administrationOptions,
  async run(context) {
    await administer(context, ({ grants }) => grants.revoke(context.argument, operator));
    context.stdout.write(`revoked the grant ${context.argument}\n`);
    return 0;
  },
});
