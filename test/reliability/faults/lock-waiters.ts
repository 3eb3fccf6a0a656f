import type pg from 'pg';

/** How many others wait for a lock in the client's database; it may be in a transaction of its own. */
export async function lockWaiters(client: pg.Client): Promise<number> {
  // Within a transaction the activity is read once only.
  await client.query('select pg_stat_clear_snapshot()');
  const { rows } = await client.query(
    `select 1 from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid() and wait_event_type = 'Lock'`,
  );
  return rows.length;
}
