import { readFileSync } from 'node:fs';

const { scripts } = JSON.parse(readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'));

describe('npm run verify', () => {
  // The exit codes of the command itself are specified in test/verify/cli.spec.ts.
  it('is the command line’s verify, with the arguments that it is given and its exit code', () => {
    expect(scripts.verify).toBe(`${scripts.cli} verify`);
  });
});
