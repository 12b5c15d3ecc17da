import { randomBytes } from 'node:crypto';
import { hashSecret } from '../config/secret-hash.ts';
import { defineCommand } from './command.ts';

/** `garita secret`: a client secret that nobody can guess, and the form in which the configuration knows it. */
export const secretCommand = defineCommand({
  name: 'secret',
  summary: 'Makes a client secret and its hash',
  usage: 'secret',
  options: {},
  async run({ stdout }) {
    const secret = randomBytes(32).toString('base64url');
    stdout.write(
      [
        'Give this secret to the client, and to nobody else. It is shown only once and kept nowhere:',
        `  ${secret}`,
        'Put its hash into the configuration, at the client. It may be read by anyone:',
        `  secretHash: ${hashSecret(secret)}`,
        '',
      ].join('\n'),
    );
    return 0;
  },
});
