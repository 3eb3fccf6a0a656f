import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { knownProblems } from '#platform/openapi/known-problems.js';
import { ContextsModule } from '../../apps/contexts.module.js';
import { catalogues } from './catalogues.js';
import { endlessChains } from './chains.js';
import { declaredContexts, loadRefusals } from './declared.js';
import { inputsOf } from './input-fields.js';
import { inputsPage } from './inputs.js';
import { gather } from './knowledge.js';
import { openApiFile } from './open-api-file.js';
import { Program } from './program.js';

/** Writes docs/generated; with `--check` it writes nothing and fails where a page would change. */
const root = join(import.meta.dirname, '../..');
const folder = join(root, 'docs/generated');
const onlyCheck = process.argv.includes('--check');

await loadRefusals(root);
const known = gather(new Program(root), await declaredContexts(root));
const endless = endlessChains(known);
if (endless.length > 0) throw new Error(endless.map((chain) => `A chain of reactions ${chain}.`).join('\n'));
const pages = {
  ...catalogues(known, knownProblems()),
  'openapi.json': await openApiFile(),
  'inputs.md': await inputsPage(inputsOf(ContextsModule)),
};

const changed = Object.entries(pages).filter(
  ([name, text]) => !existsSync(join(folder, name)) || readFileSync(join(folder, name), 'utf8') !== text,
);
if (onlyCheck) {
  for (const [name] of changed) console.error(`docs/generated/${name} is out of date: run npm run docs.`);
  process.exitCode = changed.length === 0 ? 0 : 1;
} else {
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of changed) writeFileSync(join(folder, name), text);
}
console.log(`${Object.keys(pages).length} pages, ${changed.length} ${onlyCheck ? 'out of date' : 'written'}.`);
