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
  reporters: ['default', 'summary', '<rootDir>/tests/support/plain-line-reporter.cjs'],
};
