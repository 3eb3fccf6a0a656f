import { houseRules } from './house-rules.js';
import { shown } from './rule.js';
import { readSources } from './sources.js';

/** Prints every broken rule with the places that break it. The same rules run in `npm test`, with their bad examples. */
const sources = readSources(new URL('../../', import.meta.url).pathname);
const broken = houseRules.map((rule) => ({ rule, violations: rule.check(sources) })).filter(({ violations }) => violations.length > 0);

for (const { rule, violations } of broken) {
  console.error(`${rule.sentence}, but:`);
  for (const violation of violations) console.error(`  ${shown(violation)}`);
}
console.log(`${houseRules.length} rules over ${sources.length} files: ${broken.length === 0 ? 'all kept' : `${broken.length} broken`}.`);
process.exitCode = broken.length === 0 ? 0 : 1;
