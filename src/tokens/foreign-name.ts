/**
 * How a subject, client or token of another issuer is called here: its issuer, `#`, its name there. An issuer has no `#`
 * (RFC 8414 §2), so no two can be alike; and no subject or client of ours is called so ({@link isForeignName}).
 */
export const foreignName = (issuer: string, name: string): string => `${issuer}#${name}`;

/** Whether a name has the form that those of other issuers have. */
export const isForeignName = (name: string): boolean => /^https?:\/\/[^#]*#/i.test(name);
