import type { Sql } from '#event-sourcing/sql.js';
import { readArguments, UsageError } from '../../usage.js';
import type { CliCommand } from './cli-command.js';
import { openPlace } from './place.js';
import { requestsThatMade, SHOWN_REQUESTS } from './trace-subject.js';

interface TracedRow {
  bucket: number;
  pos: string;
  stream_type: string;
  stream_id: string;
  version: string;
  event_id: string;
  event_type: string;
  causation_id: string | null;
  actor: string;
  effective_at: Date;
}

export const traceCommand: CliCommand = {
  name: 'trace',
  description: 'Shows what followed from a request: its events, what they caused, and what is still to come.',
  usage: [
    '  trace WHAT       the X-Correlation-Id of an answer; the id of an event, account, subscription, invoice, payment, plan or',
    '                   test clock; an invoice number; the e-mail address of an account; an id of the gateway',
    '  --database URL   default DATABASE_URL, or the local one',
  ].join('\n'),
  async run(args) {
    const { values, positionals } = readArguments(args, { database: { type: 'string' } }, { words: true });
    const [what, ...more] = positionals;
    if (!what || more.length > 0) throw new UsageError('Trace what? One id, invoice number or e-mail address: trace --help says which.');
    const place = await openPlace(values.database, process.env);
    try {
      const lines = await place.database.transaction((sql) => tracedOf(sql, what));
      process.stdout.write(lines.length === 0 ? `Nothing is known of ${what}.\n` : `${lines.join('\n')}\n`);
      return lines.length === 0 ? 1 : 0;
    } finally {
      await place.close();
    }
  },
};

/** Request by request, whatever the text names. */
export async function tracedOf(sql: Sql, what: string): Promise<string[]> {
  await sql.query(`set local statement_timeout = 0`);
  const requests = await requestsThatMade(sql, what);
  // What waits may be known of a request that has left no event.
  if (requests.length === 0) return traced(sql, what);
  const lines: string[] = [];
  for (const request of requests) lines.push(...(requests.length > 1 ? [`── request ${request}`] : []), ...(await traced(sql, request)));
  return requests.length < SHOWN_REQUESTS ? lines : [`The newest ${SHOWN_REQUESTS} requests:`, ...lines];
}

/** A line for each event, below what caused it, then the timers and jobs that it left. */
export async function traced(sql: Sql, correlation: string): Promise<string[]> {
  const rows = await sql.query<TracedRow>(
    `select bucket, pos, stream_type, stream_id, version, event_id, event_type, causation_id, actor, effective_at
       from es.event where correlation_id = $1 order by effective_at, bucket, pos`,
    [correlation],
  );
  const known = new Set(rows.map(({ event_id }) => event_id));
  const caused = Map.groupBy(rows, ({ causation_id }) => (causation_id !== null && known.has(causation_id) ? causation_id : null));
  const pending = await sql.query<{ line: string }>(
    `select format('timer %s of %s, due %s%s', name, stream_id, due_at, ': set aside, ' || set_aside_reason) as line from es.timer where correlation_id = $1
     union all
     select format('job %s %s, %s%s', kind, id, state, ': ' || last_error) from es.job where payload->>'correlationId' = $1`,
    [correlation],
  );
  return [...below(null, caused, 0), ...pending.map(({ line }) => `→ ${line}`)];
}

function below(cause: string | null, caused: ReadonlyMap<string | null, readonly TracedRow[]>, depth: number): string[] {
  return (caused.get(cause) ?? []).flatMap((row) => [lineOf(row, depth), ...below(row.event_id, caused, depth + 1)]);
}

function lineOf({ bucket, pos, stream_type, stream_id, version, event_type, actor, effective_at }: TracedRow, depth: number): string {
  return `${effective_at.toISOString()}  ${'  '.repeat(depth)}${event_type}  ${stream_type} ${stream_id} v${version}  [${bucket}:${pos}]  by ${actor}`;
}
