import type { Queries } from '#event-sourcing/sql.js';

export interface TableChange {
  readonly change: 'added' | 'dropped';
  readonly name: string;
}

/** Makes the tables that events will come into, and drops those whose every event came in longer ago than so many months. Totals stay. */
export function keepEventTables(sql: Queries, retentionMonths: number): Promise<TableChange[]> {
  return sql.query<TableChange & Record<string, string>>(
    `select change, name from metering.keep_event_tables(now() - make_interval(months => $1::integer))`,
    [retentionMonths],
  );
}
