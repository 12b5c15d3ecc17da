/** The password of a user is asked for, or read; it is never an argument, which others on the machine could see. */
export const passwordOption = {
  'password-stdin': { description: 'Reads the password from standard input instead of asking for it' },
} as const;
