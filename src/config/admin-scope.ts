/** The scope of access tokens that may administer this gateway. */
export const adminScope = 'garita:admin';
