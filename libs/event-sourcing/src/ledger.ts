import type { DecidedEvent } from './domain-event.js';
import type { Statement } from './sql.js';
import type { Vocabulary } from './vocabulary.js';

/**
 * The postings of a batch, written in the transaction of its events: `from` is credited and `to` debited with one
 * amount, so that every entry balances by construction. An amount below zero is a mistake in the postings, not a reversal.
 */
export function ledgerStatements(bucket: number, events: readonly DecidedEvent[], vocabulary: Vocabulary): Statement[] {
  const rows = events.flatMap(({ event, meta }) =>
    vocabulary.postingsOf({ event, meta }).map((posting, index) => ({ ...posting, index, meta, type: event.type })),
  );
  if (rows.length === 0) return [];
  for (const { amount, type } of rows)
    if (!amount.isPositive) throw new Error(`${type} posts ${amount.toString()}: a posting moves an amount above zero.`);
  return [
    {
      text: `insert into ledger.posting (bucket, event_id, index, credit_account, debit_account, amount, currency, effective_at, line_id)
             select $1::smallint, * from unnest($2::uuid[], $3::smallint[], $4::text[], $5::text[], $6::bigint[], $7::text[], $8::timestamptz[], $9::uuid[])`,
      values: [
        bucket,
        rows.map(({ meta }) => meta.eventId),
        rows.map(({ index }) => index),
        rows.map(({ from }) => from),
        rows.map(({ to }) => to),
        rows.map(({ amount }) => amount.amount.toString()),
        rows.map(({ amount }) => amount.currency),
        rows.map(({ meta }) => meta.effectiveAt),
        rows.map(({ lineId }) => lineId ?? null),
      ],
    },
  ];
}
