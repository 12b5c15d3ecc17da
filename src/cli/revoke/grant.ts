import { administer, operator } from '../administer.ts';
import { administrationOptions } from '../administration-options.ts';
import { defineCommand } from '../command.ts';

/** `garita revoke grant`. */
export const revokeGrantCommand = defineCommand({
  name: 'revoke grant',
  summary: "Revokes a grant's tokens, whether the grant is still known or not",
  usage: 'revoke grant <id>',
  argument: { name: 'id' },
  options: administrationOptions,
  async run(context) {
    const { argument, stdout } = context;
    await administer(context, ({ revocations }) => revocations.revoke({ level: 'grant', id: argument }, operator));
    stdout.write(`revoked every token of the grant ${argument}\n`);
    return 0;
  },
});
