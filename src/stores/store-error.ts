/**
 * A store that cannot be opened or used any longer. The message is for the operator: which file, what is wrong with it
 * and what to do. It never reaches a caller.
 */
export class StoreError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
  }
}
