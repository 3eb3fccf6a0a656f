import { EventStore } from '#event-sourcing/event-store.js';
import type { Sql } from '#event-sourcing/sql.js';
import { fromEpochMs, type Instant, instant } from '#kernel/instant.js';
import { existingFile, knownWord, readArguments, UsageError, wholeNumber } from '../../../usage.js';
import type { CliCommand } from '../cli-command.js';
import { openPlace } from '../place.js';
import { wholeVocabulary } from '../vocabulary.js';
import type { Check } from './check.js';
import { checks } from './checks/checks.js';
import { progressBar } from './progress.js';
import { reportOf, summaryOf } from './report.js';
import { Snapshot } from './snapshot.js';
import type { Subject } from './subject.js';
import { type CheckResult, isFailure, verify } from './verify.js';

const options = {
  database: { type: 'string' },
  only: { type: 'string', multiple: true },
  journal: { type: 'string' },
  canary: { type: 'string', multiple: true },
  log: { type: 'string', multiple: true },
  requests: { type: 'string' },
  'as-of': { type: 'string' },
  show: { type: 'string', default: '10' },
  json: { type: 'boolean', default: false },
} as const;

export const verifyCommand: CliCommand = {
  name: 'verify',
  description: 'Checks the invariants I1 to I15 on a database, and ends with 1 when one is violated.',
  usage: [
    '  --database URL    default DATABASE_URL, or the local one; the gateway is that of STRIPE_API_KEY, or the local simulator',
    '  --only I4         only these checks; may be repeated',
    '  --journal FILE    what a client asked for and was answered, as JSON lines (I6, I7)',
    '  --canary TEXT     what must not be found in plain; may be repeated (I13)',
    '  --log FILE        where else to look for canaries; may be repeated (I13)',
    '  --requests FILE   what a proxy saw answered, as JSON lines (I14)',
    '  --as-of INSTANT   the moment to judge by what is due; default now',
    '  --show N          how many violations of a check are shown; default 10',
    '  --json            the results as one JSON document',
  ].join('\n'),
  async run(args) {
    const { values } = readArguments(args, options);
    const chosen = chosenChecks(values.only);
    const show = wholeNumber('--show', values.show, { from: 0, to: 1_000_000 });
    const asOf = values['as-of'] === undefined ? null : readInstant(values['as-of']);
    for (const name of ['journal', 'requests'] as const) if (values[name] !== undefined) existingFile(`--${name}`, values[name]);
    for (const file of values.log ?? []) existingFile('--log', file);
    const place = await openPlace(values.database, process.env);
    try {
      const vocabulary = wholeVocabulary();
      const results = await place.database.transaction(async (sql) => {
        await sql.query('set transaction isolation level repeatable read');
        const subject: Subject = {
          sql,
          database: new Snapshot(sql, place.database.dataSource),
          vocabulary,
          store: new EventStore(vocabulary, place.accountKeys()),
          asOf: asOf ?? (await databaseTime(sql)),
          stripe: place.stripe,
          journal: values.journal ?? null,
          canaries: values.canary ?? [],
          logs: values.log ?? [],
          requestLog: values.requests ?? null,
        };
        return runAll(subject, chosen, { show, json: values.json });
      });
      return results.some(isFailure) ? 1 : 0;
    } finally {
      await place.close();
    }
  },
};

function chosenChecks(only: readonly string[] | undefined): readonly Check[] {
  const known = checks.map(({ id }) => id);
  const wanted = only?.map((id) => knownWord('check', id, known));
  return wanted ? checks.filter(({ id }) => wanted.includes(id)) : checks;
}

function readInstant(text: string): Instant {
  try {
    return instant(text);
  } catch {
    throw new UsageError('--as-of must be an instant such as 2026-01-31T15:00:00Z.');
  }
}

async function databaseTime(sql: Sql) {
  const [row] = await sql.query<{ now: Date }>('select now() as now');
  return fromEpochMs(row!.now.getTime());
}

async function runAll(subject: Subject, chosen: readonly Check[], { show, json }: { show: number; json: boolean }): Promise<CheckResult[]> {
  const results: CheckResult[] = [];
  const bar = progressBar(process.stderr);
  for await (const result of verify(subject, chosen, { show, progress: ({ id }, part) => bar.at(id, part) })) {
    bar.clear();
    results.push(result);
    if (!json) process.stdout.write(`${reportOf(result)}\n`);
  }
  process.stdout.write(json ? `${JSON.stringify({ asOf: subject.asOf, results }, null, 2)}\n` : `\n${summaryOf(results)}\n`);
  return results;
}
