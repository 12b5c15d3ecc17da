/** Jest on ESM, with types stripped by Node itself: no compiler between a test and the code that users run. */
export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/tests'],
  testMatch: ['**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/tests/support/strip-types.cjs' },
  coverageProvider: 'babel',
  collectCoverageFrom: ['src/**/*.ts'],
  testTimeout: 20_000,
  // Jest would leave a core free for the one who watches, which on a machine of two is half of it.
  maxWorkers: '100%',
  reporters: ['default', 'summary', '<rootDir>/tests/support/plain-line-reporter.cjs'],
};
