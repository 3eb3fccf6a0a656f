import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Edit } from './edits.js';

/** What a template asks for: new files, and additions to those there are. */
export interface Addition {
  readonly files: Readonly<Record<string, string>>;
  readonly edits: Readonly<Record<string, Edit>>;
}

/** The project that is added to. */
export class Project {
  constructor(readonly root: string) {}

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  /** Throws with what to do where the file is not there. */
  read(path: string, otherwise: string): string {
    if (!this.has(path)) throw new Error(`There is no ${path}: ${otherwise}.`);
    return readFileSync(join(this.root, path), 'utf8');
  }

  paths(pattern: string): string[] {
    return globSync(pattern, { cwd: this.root }).sort();
  }

  /** The number of the next migration, `0012`. */
  nextMigration(): string {
    const numbers = this.paths('migrations/[0-9]*.ts').map((path) => Number(/(\d+)-/.exec(path)?.[1]));
    return String(Math.max(...numbers) + 1).padStart(4, '0');
  }
}
