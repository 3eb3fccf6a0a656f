import { readFileSync } from 'node:fs';
import { steps } from './steps.js';
import { type TestResults, verdictOn } from './test-results.js';

const good: TestResults = {
  success: true,
  numPassedTests: 12,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
};
const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

describe('The verdict on a test run', () => {
  it('is good when something passed and nothing else happened', () => {
    expect(verdictOn(good)).toEqual({ isGood: true, summary: '12 passed, 0 failed' });
  });

  it.each<[string, Partial<TestResults>, string]>([
    ['a test failed', { success: false, numPassedTests: 11, numFailedTests: 1 }, '11 passed, 1 failed'],
    ['a file could not be loaded', { success: false, numRuntimeErrorTestSuites: 2 }, '12 passed, 2 failed'],
    ['a test was skipped', { numPendingTests: 3 }, '12 passed, 3 failed'],
    ['a test was left for later', { numTodoTests: 1 }, '12 passed, 1 failed'],
    ['nothing ran', { numPassedTests: 0 }, '0 passed, 0 failed'],
    ['jest says so', { success: false }, '12 passed, 0 failed'],
  ])('is bad when %s', (_, difference, summary) => {
    expect(verdictOn({ ...good, ...difference })).toEqual({ isGood: false, summary });
  });
});

describe('A verdict with a failed step', () => {
  it('counts the step', () => {
    expect(verdictOn(good, 1)).toEqual({ isGood: false, summary: '12 passed, 1 failed' });
  });
});

describe('The scripts of the project', () => {
  it('are there for every step of the check', () => {
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(steps.map(({ script }) => script)));
  });

  it('are each described, and nothing else is', () => {
    const hooks = Object.keys(manifest.scripts).filter(
      (name) => /^(pre|post)/.test(name) && name.replace(/^(pre|post)/, '') in manifest.scripts,
    );
    const described = Object.keys(manifest['scripts-info']);
    expect(described.sort()).toEqual(
      Object.keys(manifest.scripts)
        .filter((name) => !hooks.includes(name))
        .sort(),
    );
  });
});
