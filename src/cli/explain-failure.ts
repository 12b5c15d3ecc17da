import { ConfigError } from '../config/problem.ts';
import { urlHost } from '../config/values.ts';
import { AdministrationError } from '../oauth/administration/administration.ts';
import { StoreError } from '../stores/store-error.ts';
import { CommandError } from './command.ts';

/** What is thrown with a message for whoever typed the command. */
const forPeople = [ConfigError, StoreError, AdministrationError, CommandError];

/** What a user reads when something failed that lies in their hands; undefined for anything else. */
export function explainFailure(error: unknown): string | undefined {
  if (forPeople.some((kind) => error instanceof kind)) return (error as Error).message;
  if (!Error.isError(error)) return undefined;
  const { code, syscall, address, port, path } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (syscall === 'listen' || syscall === 'bind')
    return explainListen(code, `${urlHost(address ?? '')}:${port}`) ?? error.message;
  if (path !== undefined && code !== undefined) return `${path}: ${explainFile(code) ?? error.message}`;
  return undefined;
}

function explainListen(code: string | undefined, place: string): string | undefined {
  const elsewhere = 'choose another port with --port, --operations-port or listen in the configuration';
  switch (code) {
    case 'EADDRINUSE':
      return `${place} is in use: stop what listens there, or ${elsewhere}`;
    case 'EACCES':
      return `${place} may not be used by this user: ${elsewhere}`;
    case 'EADDRNOTAVAIL':
      return `${place} is not an address of this machine: change listen in the configuration`;
    default:
      return undefined;
  }
}

function explainFile(code: string): string | undefined {
  switch (code) {
    case 'ENOENT':
      return 'there is no such file or folder';
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return 'permission denied';
    case 'EISDIR':
      return 'this is a folder';
    default:
      return undefined;
  }
}
