import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiFile } from '../docs/open-api-file.js';
import { clientErrors } from './generated-client.js';
import { lintErrors } from './lint.js';

/**
 * `npm run openapi` writes docs/generated/openapi.json and looks at it as its readers will: a linter, and a program on a generated
 * client. With `--check` it looks at what is there; that it is what the sources say is checked by `npm run docs -- --check`.
 */
const root = join(import.meta.dirname, '../..');
const file = join(root, 'docs/generated/openapi.json');
if (!process.argv.includes('--check')) writeFileSync(file, await openApiFile());

const document: unknown = JSON.parse(readFileSync(file, 'utf8'));
const errors = [...(await lintErrors(file)), ...(await clientErrors(root, document))];
for (const error of errors) console.error(error);
console.log(errors.length === 0 ? 'The document has no errors, and a client on it compiles.' : `${errors.length} errors.`);
process.exitCode = errors.length === 0 ? 0 : 1;
