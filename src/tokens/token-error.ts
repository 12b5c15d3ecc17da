/** An access token that is not accepted. The message is for the log; the caller only learns that it is invalid. */
export class TokenError extends Error {
  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.name = 'TokenError';
  }
}
