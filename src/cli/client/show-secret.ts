/** Tells a client's new secret to whoever has to carry it there. */
export const showSecret = (secret: string): string =>
  [
    'Give this secret to the client, and to nobody else. It is shown only once and kept nowhere:',
    `  ${secret}`,
    '',
  ].join('\n');
