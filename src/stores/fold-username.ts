/** The form in which usernames are compared: without regard to case, in Unicode's normal form C. */
export const foldUsername = (username: string): string => username.normalize('NFC').toLowerCase();
