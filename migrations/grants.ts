import type { DataSource } from 'typeorm';

/** Given anew after every run, so that a new table is never forgotten and the log never gets more than it may. */
export async function grantToApplication(dataSource: DataSource): Promise<void> {
  const schemas: { nspname: string }[] = await dataSource.query(
    `select nspname from pg_namespace where nspname not like 'pg\\_%' and nspname not in ('information_schema', 'public')`,
  );
  const statements = schemas.flatMap(({ nspname }) => [
    `grant usage on schema ${nspname} to perennial_app`,
    `grant select, insert, update, delete on all tables in schema ${nspname} to perennial_app`,
  ]);
  await dataSource.transaction(async (manager) => {
    for (const statement of statements) await manager.query(statement);
    await manager.query('revoke all on all tables in schema es from perennial_app');
    await manager.query('grant select on all tables in schema es to perennial_app');
    await manager.query(
      `grant insert, update, delete on es.stream_state, es.account_key, es.command, es.unique_name, es.series, es.timer, es.job, es.checkpoint, es.test_clock, es.clocked_stream to perennial_app`,
    );
    // A lock of a row needs the right to update it; triggers refuse every change of the row itself.
    await manager.query('grant update on es.bucket to perennial_app');
    await manager.query('revoke update, delete on ledger.posting from perennial_app');
    await manager.query('revoke execute on all functions in schema es from public');
    await manager.query('grant execute on all functions in schema es to perennial_app');
    await manager.query(`grant select on public.migrations to perennial_app`);
  });
}
