import { scopesFor } from '../../../src/oauth/users/scopes-for-user.ts';

const restricted = { 'customers:write': ['support', 'sales'], 'garita:admin': ['operator'] };

test.each<[string[], string[], string[]]>([
  [[], ['read', 'customers:write', 'garita:admin'], ['read']],
  [['sales'], ['read', 'customers:write', 'garita:admin'], ['read', 'customers:write']],
  [
    ['operator', 'support'],
    ['garita:admin', 'customers:write'],
    ['garita:admin', 'customers:write'],
  ],
  [['operator'], ['read'], ['read']],
  [['x'], ['constructor', 'toString'], ['constructor', 'toString']],
])('roles %j, of the scopes %j: %j', (roles, scopes, allowed) => {
  expect(scopesFor({ roles }, scopes, restricted)).toEqual(allowed);
});
