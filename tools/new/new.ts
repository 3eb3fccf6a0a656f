import { join } from 'node:path';
import { add } from './add.js';

/** `npm run new -- …`: begins a part of a context with code that passes every check as it is. */
try {
  const paths = add(join(import.meta.dirname, '../..'), process.argv.slice(2));
  console.log(`${paths.map((path) => `  ${path}`).join('\n')}\n\nNow: npm run docs, for the catalogues, and npm run check.`);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
