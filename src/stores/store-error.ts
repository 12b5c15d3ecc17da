/** What may go along with a {@link StoreError}. */
export interface StoreErrorOptions extends ErrorOptions {
  readonly inUse?: boolean;
}

/**
 * A store that cannot be opened or used any longer. The message is for the operator: which file, what is wrong with it
 * and what to do. It never reaches a caller.
 */
export class StoreError extends Error {
  /** Whether another process has it. */
  readonly inUse: boolean;

  constructor(message: string, { inUse = false, ...options }: StoreErrorOptions = {}) {
    super(message, options);
    this.name = 'StoreError';
    this.inUse = inUse;
  }
}
