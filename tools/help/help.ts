import { readFileSync } from 'node:fs';
import { startedOrEnd } from '../../apps/start.js';
import { knownWord, readArguments } from '../../apps/usage.js';

/** `npm run help`: what each script is for; `npm run help -- demo`: what one is for. */
await startedOrEnd(async () => {
  const { 'scripts-info': described } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const names = Object.keys(described);
  const { values, positionals } = readArguments(process.argv.slice(2), { help: { type: 'boolean', short: 'h' } }, { words: true });
  const asked = values.help ? [] : positionals.map((name) => knownWord('script', name, names));
  const width = Math.max(...names.map((name) => name.length));
  for (const name of asked.length > 0 ? asked : names) console.log(`  npm run ${name.padEnd(width)}  ${described[name]}`);
});
