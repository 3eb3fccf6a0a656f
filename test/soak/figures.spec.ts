import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '../support/run-folder.js';
import { writeFigures } from './figures.js';

const about = { trials: 'kills', control: false, seconds: 90 };
const result = { suite: 'kill', seed: 7, size: 1_000, faults: { postgres: 600, backend: 400 }, failures: [], acknowledged: 12_345 };

function documentWith(table: string): string {
  const document = join(temporaryFolder('figures'), 'reliability.md');
  writeFileSync(document, `# Reliability\n<!-- soak:begin -->\n${table}<!-- soak:end -->\nThe end.\n`);
  return document;
}

const rowsOf = (document: string) =>
  readFileSync(document, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| kill') || line.startsWith('| races'));

describe('The figures of a run', () => {
  it('say how many trials there were, with which seed and faults, and how little their success proves', () => {
    const document = documentWith('');
    writeFigures(result, about, document);
    expect(rowsOf(document)).toEqual([
      '| kill | 1,000 kills | 7 | postgres 600, backend 400 | no failure (below 3/1,000 at 95 %); acknowledged 12,345; 90 s | not run |',
    ]);
    expect(readFileSync(document, 'utf8')).toMatch(/^# Reliability\n[\s\S]*\nThe end\.\n$/);
  });

  it('say it loudly when something failed, and leave the other suites as they are', () => {
    const document = documentWith('');
    writeFigures({ ...result, suite: 'races' }, about, document);
    writeFigures({ ...result, failures: ['lost'] }, about, document);
    expect(rowsOf(document)[0]).toContain('**1 failures**');
    expect(rowsOf(document)[1]).toContain('no failure');
  });

  it('of a control stand beside those of the suite', () => {
    const document = documentWith('');
    writeFigures(result, about, document);
    writeFigures({ ...result, size: 10, failures: ['lost', 'lost'] }, { ...about, control: true }, document);
    expect(rowsOf(document)).toEqual([expect.stringMatching(/1,000 kills .* fails \(2 of 10\) \|$/)]);
  });
});
