import { readFileSync } from 'node:fs';

/** `npm run help`: what each script is for. */
const { 'scripts-info': described } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
const width = Math.max(...Object.keys(described).map((name) => name.length));
for (const [name, about] of Object.entries(described)) console.log(`  npm run ${name.padEnd(width)}  ${about}`);
