type Given<T> = { readonly [Name in keyof T]?: Exclude<T[Name], undefined> };

/** The same members, without those that are undefined. */
export const pickGiven = <T extends object>(members: T): Given<T> =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Given<T>;
