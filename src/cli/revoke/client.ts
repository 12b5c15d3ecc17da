import { administer, operator } from '../administer.ts';
import { administrationOptions } from '../administration-options.ts';
import { defineCommand } from '../command.ts';

/** `garita revoke client`. */
export const revokeClientCommand = defineCommand({
  name: 'revoke client',
  summary: 'Revokes everything that a client has: access tokens and grants',
  usage: 'revoke client <id>',
  argument: { name: 'id' },
  options: administrationOptions,
  async run(context) {
    const { argument, stdout } = context;
    await administer(context, ({ revocations }) => revocations.revoke({ level: 'client', id: argument }, operator));
    stdout.write(`revoked every token and grant of the client ${argument}\n`);
    return 0;
  },
});
