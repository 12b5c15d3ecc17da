const { writeSync } = require('node:fs');

/** Ends a run with one plain line that scripts and CI can read: after jest's own summary, so when the process exits. */
module.exports = class PlainLineReporter {
  onRunComplete(_contexts, results) {
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    process.once('exit', () =>
      writeSync(1, `${results.numPassedTests} passed, ${failed} failed, ${skipped} skipped\n`),
    );
  }
};
