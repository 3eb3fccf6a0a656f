import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { mutants } from './mutants.js';
import { runMutantsSuite } from './mutants-suite.js';
import { spoilt } from './workshop.js';

const root = join(import.meta.dirname, '../../..');

describe('Planted bugs', () => {
  it('have a place in the sources, each exactly one', () => {
    for (const { file, find, replace } of mutants) spoilt(readFileSync(join(root, file), 'utf8'), file, find, replace);
    expect(mutants.length).toBeGreaterThanOrEqual(20);
    expect(new Set(mutants.map(({ bug }) => bug)).size).toBe(mutants.length);
  });

  it('are caught by the tests that are named for them', async () => {
    const { failures } = await runMutantsSuite({ seed: 1, size: 1, only: ['a period is renewed before it ends'] });
    expect(failures).toEqual([]);
  });

  it('that are not there are not caught, and the suite says so', async () => {
    const { failures } = await runMutantsSuite({ seed: 1, size: 1, only: ['a period is renewed before it ends'], control: true });
    expect(failures).toEqual([expect.stringContaining('is not caught')]);
  });
});
