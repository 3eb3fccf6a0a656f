import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sql } from '#event-sourcing/sql.js';
import type { Subject } from '../../apps/cli/src/verify/subject.js';
import { isFailure } from '../../apps/cli/src/verify/verify.js';
import { temporaryFolder } from '../support/run-folder.js';
import type { Portfolio } from './portfolio.js';
import { verified } from './verified.js';

export interface Expected {
  readonly says: RegExp;
  readonly where?: Readonly<Record<string, unknown>>;
}

export const nothing = async (): Promise<void> => {};

/** What every planted bug must come to: this check names it and its place, and no other check has anything to say. */
export async function expectFoundBy(
  id: string,
  portfolio: Portfolio,
  plant: (sql: Sql) => Promise<unknown>,
  { says, where = {} }: Expected,
  given: Partial<Subject> = {},
): Promise<void> {
  const results = await verified(portfolio, plant, given);
  const failures = results.filter(isFailure);
  expect(failures.map((result) => (result.id === id ? id : `${result.id}: ${result.error ?? result.shown[0]?.says}`))).toEqual([id]);
  const { shown } = results.find((result) => result.id === id)!;
  expect(shown).toContainEqual({ finding: 'violation', says: expect.stringMatching(says), where: expect.objectContaining(where) });
}

let folder: string | undefined;

/** A file of JSON lines. */
export function jsonLines(name: string, lines: readonly object[]): string {
  folder ??= temporaryFolder('verify');
  const path = join(folder, name);
  writeFileSync(path, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  return path;
}
