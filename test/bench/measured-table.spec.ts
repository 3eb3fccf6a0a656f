import { withTable } from './measured-table.js';

const measured = {
  bench: 'replay',
  ratio: 0.4,
  goal: 'at least 0.3',
  met: true,
  medians: { 'events/s': 12_345.6 },
  details: { rounds: 5 },
  machine: '2 cores',
};

describe('the table of what was measured', () => {
  it('takes the place of the one before and leaves the rest of the document as it is', () => {
    const first = withTable('# Speed\n\nWhy.\n<!-- bench:begin -->\nold\n<!-- bench:end -->\nAfter.\n', new Map([['replay', measured]]));
    expect(first).toBe(
      [
        '# Speed\n\nWhy.\n<!-- bench:begin -->',
        'Measured on 2 cores.\n',
        '| Bench | Ratio | Goal | Met | Medians |',
        '|---|---|---|---|---|',
        '| replay | 0.40 | at least 0.3 | yes | events/s: 12,346; rounds 5 |',
        '<!-- bench:end -->\nAfter.\n',
      ].join('\n'),
    );
    expect(withTable(first, new Map([['replay', measured]]))).toBe(first);
  });

  it('says what could not be measured', () => {
    expect(withTable(null, new Map([['scale', null]]))).toContain('| scale | not measured | | | |');
  });

  it('refuses a document without a place for it', () => {
    expect(() => withTable('# Speed\n', new Map())).toThrow('no place for the table');
  });
});
