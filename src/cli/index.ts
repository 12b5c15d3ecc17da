import { auditCommand } from './audit.ts';
import { checkCommand } from './check.ts';
import { clientAddCommand } from './client/add.ts';
import { clientDisableCommand } from './client/disable.ts';
import { clientEnableCommand } from './client/enable.ts';
import { clientListCommand } from './client/list.ts';
import { clientRotateSecretCommand } from './client/rotate-secret.ts';
import type { Command } from './command.ts';
import { grantListCommand } from './grant/list.ts';
import { grantRevokeCommand } from './grant/revoke.ts';
import { keyDropCommand } from './key/drop.ts';
import { keyListCommand } from './key/list.ts';
import { keyRotateCommand } from './key/rotate.ts';
import { revokeClientCommand } from './revoke/client.ts';
import { revokeEverythingCommand } from './revoke/everything.ts';
import { revokeGrantCommand } from './revoke/grant.ts';
import { revokeTokenCommand } from './revoke/token.ts';
import { revokeUserCommand } from './revoke/user.ts';
import { schemaCommand } from './schema.ts';
import { secretCommand } from './secret.ts';
import { startCommand } from './start.ts';
import { userAddCommand } from './user/add.ts';
import { userDisableCommand } from './user/disable.ts';
import { userEnableCommand } from './user/enable.ts';
import { userListCommand } from './user/list.ts';
import { userPasswordCommand } from './user/password.ts';
import { userRolesCommand } from './user/roles.ts';

/** Every command there is, in the order of the help. */
export const commands: readonly Command[] = [
  startCommand,
  checkCommand,
  schemaCommand,
  secretCommand,
  clientAddCommand,
  clientListCommand,
  clientRotateSecretCommand,
  clientDisableCommand,
  clientEnableCommand,
  userAddCommand,
  userListCommand,
  userPasswordCommand,
  userRolesCommand,
  userDisableCommand,
  userEnableCommand,
  grantListCommand,
  grantRevokeCommand,
  revokeTokenCommand,
  revokeGrantCommand,
  revokeUserCommand,
  revokeClientCommand,
  revokeEverythingCommand,
  keyListCommand,
  keyRotateCommand,
  keyDropCommand,
  auditCommand,
];
