/** How large a bench is: `--size` and `--rounds` of `npm run bench`, which hands them on in the environment. */
export function size(usual: number): number {
  return wholeNumber('BENCH_SIZE') ?? usual;
}

/** How often each side is measured. */
export function rounds(usual = 5): number {
  return wholeNumber('BENCH_ROUNDS') ?? usual;
}

/** `--full`: sizes that take hours. */
export function full(): boolean {
  return process.env.BENCH_FULL === '1';
}

function wholeNumber(variable: string): number | undefined {
  const text = process.env[variable];
  if (!text) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Error(`${variable} is a whole number above zero, not ${text}.`);
  return Number(text);
}
