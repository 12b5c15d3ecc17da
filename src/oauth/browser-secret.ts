import { hash, randomBytes } from 'node:crypto';

/** Makes the value of a cookie: 256 random bits, base64url. */
export type CreateSecret = () => string;

/** A {@link CreateSecret} of the system's randomness. */
export const randomSecret: CreateSecret = () => randomBytes(32).toString('base64url');

/** What the store knows of a cookie's value: nobody can make the value from it. */
export const fingerprintOf = (value: string): string => hash('sha256', value, 'base64url');
