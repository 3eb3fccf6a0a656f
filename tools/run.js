// Runs a tool of this folder from its TypeScript source: `node tools/run.js docs/write-catalogues.ts --check`.
// Tools are never built, so that they work in a fresh clone and cannot be older than what they look at.
import '../test/support/source-loader.js';

const [tool, ...rest] = process.argv.slice(2);
process.argv = [process.argv[0], `tools/${tool}`, ...rest];
await import(`./${tool}`);
