import { cpus, totalmem } from 'node:os';

/** What a bench measured: the ratio that it is judged by, its goal, and the medians behind it. */
export interface BenchResult {
  readonly bench: string;
  readonly ratio: number;
  readonly goal: string;
  readonly met: boolean;
  readonly medians: Readonly<Record<string, number>>;
  readonly details?: Readonly<Record<string, unknown>>;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

export function machine(): string {
  const processors = cpus();
  return `${processors.length} × ${processors[0]?.model.trim() ?? 'unknown processor'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, PostgreSQL 18 on the same machine`;
}

/** Seconds that the work took. */
export async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = process.hrtime.bigint();
  await work();
  return Number(process.hrtime.bigint() - start) / 1e9;
}

export interface Cost {
  readonly seconds: number;
  /** Of all processors, whoever kept them busy; what was done at low priority is left out. */
  readonly cpuSeconds: number;
}

/** What the work took of the machine: where other machines share its processors, their time says more than the clock. */
export async function cost(work: () => Promise<unknown>): Promise<Cost> {
  const busy = (): number => cpus().reduce((sum, { times }) => sum + times.user + times.sys + times.irq, 0);
  const before = busy();
  const took = await seconds(work);
  return { seconds: took, cpuSeconds: (busy() - before) / 1000 };
}

export function progress(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** The figures for people, then one line of JSON, the last. */
export function print(result: BenchResult): void {
  process.stdout.write(`\n${result.bench} on ${machine()}\n`);
  for (const [name, value] of Object.entries(result.medians)) process.stdout.write(`  ${name.padEnd(44)} ${format(value)}\n`);
  process.stdout.write(`  ratio ${result.ratio.toFixed(3)} (goal ${result.goal}): ${result.met ? 'met' : 'NOT met'}\n`);
  process.stdout.write(`${JSON.stringify({ ...result, machine: machine() })}\n`);
}

function format(value: number): string {
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en-US') : value.toFixed(3);
}
