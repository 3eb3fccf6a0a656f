import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A file of docs/, from the sources as well as from what is compiled, which lies one folder deeper. */
export function documentFile(path: string): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    if (existsSync(join(folder, 'package.json'))) return join(folder, 'docs', path);
    if (folder === dirname(folder)) throw new Error('This program does not lie in its project, and so has no docs folder.');
  }
}
