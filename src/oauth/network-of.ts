import { ipKeyGenerator } from 'express-rate-limit';

/** Whose address it is, as far as guessing goes: an IPv4 address, or the network (/56) of an IPv6 address. */
export const networkOf = (address: string): string => ipKeyGenerator(address);
