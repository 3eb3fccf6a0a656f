import type { DataSourceOptions } from 'typeorm';

/** What every connection of a serving process is opened with. */
const SESSION: Readonly<Record<string, string>> = {
  // May append to the log and read it, nothing else: see migrations/grants.ts.
  role: 'perennial_app',
  timezone: 'UTC',
  statement_timeout: '30s',
  // Waiting for a bucket or an idempotency key ends here, as a refusal that can be retried.
  lock_timeout: '5s',
  idle_in_transaction_session_timeout: '60s',
  jit: 'off',
  // Against a partitioned table a plan for the very values always looks cheaper, so that PostgreSQL would plan each time anew.
  plan_cache_mode: 'force_generic_plan',
};

export function connectionOptions(url: string, poolSize: number) {
  const options = Object.entries(SESSION)
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(' ');
  return {
    type: 'postgres',
    url,
    applicationName: 'perennial',
    migrationsRun: false,
    synchronize: false,
    // Statements of a transaction that do not need each other's answers travel together.
    extra: { pipeline: true, max: poolSize, options, keepAlive: true, idleTimeoutMillis: 60_000, connectionTimeoutMillis: 10_000 },
  } as const satisfies DataSourceOptions;
}
