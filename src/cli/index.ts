import { checkCommand } from './check.ts';
import type { Command } from './command.ts';
import { schemaCommand } from './schema.ts';
import { secretCommand } from './secret.ts';
import { startCommand } from './start.ts';

/** Every command there is, in the order of the help. */
export const commands: readonly Command[] = [startCommand, checkCommand, schemaCommand, secretCommand];
