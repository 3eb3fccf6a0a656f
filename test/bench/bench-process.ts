/** The process that one bench runs in: `node bench-process.js <name> <exported function>`. */
// A bench does not outlive its runner: going away, it takes its servers and workers along.
process.once('disconnect', () => process.exit(1));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

const [name, exported] = process.argv.slice(2);
const bench = (await import(`./${name}.bench.js`)) as Record<string, () => Promise<void>>;
await bench[exported!]!();
// Peers leave connections open that would keep the process alive.
process.exit(0);
