/** Where the endpoints report to; a logger fits. No secret and no token is ever among the fields. */
export interface OAuthLog {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}
