import { type Administration, AdministrationError } from '../../oauth/administration/administration.ts';
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
    const { argument, stdout, stderr } = context;
    const isKnown = await administer(context, async (administration) => {
      await administration.revocations.revoke({ level: 'client', id: argument }, operator);
      return isClient(administration, argument);
    });
    stdout.write(`revoked every token and grant of the client ${argument}\n`);
    if (!isKnown)
      stderr.write(`there is no client ${argument} now: check the id, unless this is one that was removed\n`);
    return 0;
  },
});

/** One that was removed may have left tokens: they can be revoked all the same. */
async function isClient({ clients }: Administration, id: string): Promise<boolean> {
  try {
    await clients.find(id);
    return true;
  } catch (error) {
    if (error instanceof AdministrationError && error.problem === 'not-found') return false;
    throw error;
  }
}
