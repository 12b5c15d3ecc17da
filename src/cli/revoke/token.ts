import { administer, operator } from '../administer.ts';
import { administrationOptions } from '../administration-options.ts';
import { defineCommand } from '../command.ts';

/** `garita revoke token`. */
export const revokeTokenCommand = defineCommand({
  name: 'revoke token',
  summary: 'Revokes one access token by its jti',
  usage: 'revoke token <jti>',
  argument: { name: 'jti' },
  options: administrationOptions,
  async run(context) {
    const { argument, stdout } = context;
    await administer(context, ({ revocations }) => revocations.revoke({ level: 'token', id: argument }, operator));
    stdout.write(`revoked the access token ${argument}\n`);
    return 0;
  },
});
