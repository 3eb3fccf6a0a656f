import { bucketOf, hashedId } from '#kernel/ids.js';
import type { AnyEvent, EventClass } from './domain-event.js';
import type { ReadModel } from './read-model.js';
import type { Sql } from './sql.js';

/**
 * An event whose number comes from a gapless series. The decision leaves the number open; the append fills it in, in
 * the order of the events, from a counter that is taken once for the whole batch and rolls back with it.
 */
export interface SeriesRule {
  readonly event: EventClass;
  readonly seriesOf: (event: AnyEvent) => string;
  readonly assign: (event: AnyEvent, number: bigint) => void;
  /** The read models that hold the number. All others are written before the counter is taken. */
  readonly shownIn: readonly ReadModel[];
}

export function numberedBy<Class extends EventClass>(
  event: Class,
  rule: {
    seriesOf: (event: InstanceType<Class>) => string;
    assign: (event: InstanceType<Class>, number: bigint) => void;
    shownIn: readonly ReadModel[];
  },
): SeriesRule {
  return { event, ...rule } as unknown as SeriesRule;
}

/** Numbers the events. The counters' row locks are held until the commit, so this comes as late as can be. */
export async function assignNumbers(sql: Sql, open: readonly { event: AnyEvent; rule: SeriesRule }[]): Promise<void> {
  const bySeries = new Map<string, { event: AnyEvent; rule: SeriesRule }[]>();
  for (const entry of open) {
    const series = entry.rule.seriesOf(entry.event);
    const entries = bySeries.get(series);
    if (entries) entries.push(entry);
    else bySeries.set(series, [entry]);
  }
  // Always in the same order, so that two transactions over the same series never wait for each other in a circle.
  for (const series of [...bySeries.keys()].sort()) {
    const entries = bySeries.get(series)!;
    const [row] = await sql.query<{ last: string }>(
      `insert into es.series as s (bucket, name, last) values ($1, $2, $3)
       on conflict (bucket, name) do update set last = s.last + excluded.last returning last`,
      [bucketOf(hashedId(series)), series, entries.length],
    );
    let number = BigInt(row!.last) - BigInt(entries.length);
    for (const { event, rule } of entries) {
      number += 1n;
      rule.assign(event, number);
    }
  }
}
