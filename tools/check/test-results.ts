/** What jest writes with `--json`, as far as it is read here. */
export interface TestResults {
  readonly success: boolean;
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

export interface Verdict {
  readonly isGood: boolean;
  /** `N passed, N failed`: the last line of a check. */
  readonly summary: string;
}

/** No test at all, a skipped test, and a file that could not be loaded are failures too; so is a step around the tests that failed. */
export function verdictOn(results: TestResults, failedSteps = 0): Verdict {
  const failed = failedSteps + results.numFailedTests + results.numRuntimeErrorTestSuites + results.numPendingTests + results.numTodoTests;
  return {
    isGood: results.success && results.numPassedTests > 0 && failed === 0,
    summary: `${results.numPassedTests} passed, ${failed} failed`,
  };
}
