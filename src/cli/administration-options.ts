/** Options of every command that works on a gateway's clients, users, grants, keys and audit. */
export const administrationOptions = {
  config: { value: 'file', description: 'Configuration of the gateway; ./garita.yaml when not given' },
  'admin-url': {
    value: 'url',
    description: 'Its operations listener, instead of listen.operations of the configuration',
  },
} as const;

/** For commands whose answer a program may read. */
export const jsonOption = { json: { description: 'Prints JSON' } } as const;

/** For lists that may be long. */
export const limitOption = { limit: { value: 'n', description: 'How many at most; 100 when not given' } } as const;

/** For what cannot be undone and concerns everybody. */
export const confirmOption = { yes: { description: 'Does not ask whether this is meant' } } as const;
