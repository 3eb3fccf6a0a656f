import type { BenchResult } from './report.js';

const BEGIN = '<!-- bench:begin -->';
const END = '<!-- bench:end -->';

/** A bench's last line. */
export type Printed = BenchResult & { readonly machine: string };

/** The document with a new table; null makes one that has nothing else. What stands around the table is left alone. */
export function withTable(written: string | null, results: ReadonlyMap<string, Printed | null>): string {
  const document = written ?? `# Performance\n\n${BEGIN}\n${END}\n`;
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`The document has no place for the table: it goes between ${BEGIN} and ${END}.`);
  const found = [...results.values()].filter((result) => result !== null);
  const rows = [...results].map(([name, result]) => (result ? row(result) : `| ${name} | not measured | | | |`));
  const lines = [
    ...(found[0] ? [`Measured on ${found[0].machine}.`, ''] : []),
    '| Bench | Ratio | Goal | Met | Medians |',
    '|---|---|---|---|---|',
    ...rows,
  ];
  return `${document.slice(0, begin + BEGIN.length)}\n${lines.join('\n')}\n${document.slice(end)}`;
}

function row({ bench, ratio, goal, met, medians, details }: Printed): string {
  const figures = Object.entries(medians).map(([name, value]) => `${name}: ${figure(value)}`);
  // A profile is too long for a cell: the bench prints it.
  const short = Object.entries(details ?? {}).filter(([, value]) => typeof value !== 'object');
  const about = short.map(([name, value]) => `${name} ${String(value)}`);
  return `| ${bench} | ${ratio.toFixed(2)} | ${goal} | ${met ? 'yes' : 'no'} | ${[...figures, ...about].join('; ')} |`;
}

function figure(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(2);
}
