import type { Database } from '#event-sourcing/sql.js';
import { bucketOf, hashedId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Money } from '#kernel/money.js';
import type { TimeRange } from '../gateways/payment-gateway.js';
import type { Difference } from '../reconciliation/compare-books.js';

const AGAIN = 1_000;

/** Differences between the books, one row for each thing that differs, until a later look finds it right or a person has dealt with it. */
export class DifferenceRecords {
  constructor(private readonly database: Database) {}

  /** The intents that differed when they were last looked at. */
  async openIntents(gateway: string): Promise<string[]> {
    const rows = await this.database.query<{ intent_id: string }>(
      `select intent_id from payments.reconciliation_difference
        where gateway = $1 and resolved_at is null and intent_id is not null order by found_at desc limit ${AGAIN}`,
      [gateway],
    );
    return rows.map(({ intent_id }) => intent_id);
  }

  /** Answers those that were not known. What agrees now is resolved; and the run itself is kept as done. */
  async keep(
    gateway: string,
    differences: readonly Difference[],
    agreed: ReadonlySet<string>,
    run: TimeRange & { startedAt: Instant },
  ): Promise<Difference[]> {
    return this.database.transaction(async (sql) => {
      const fresh: Difference[] = [];
      for (const difference of differences) {
        const id = rowId(gateway, difference.objectId);
        const values = [
          ...[bucketOf(id), id, difference.objectId, difference.paymentId, difference.kind, difference.explanation],
          ...[amountOf(difference.atGateway), amountOf(difference.inPayments), amountOf(difference.inLedger)],
          (difference.atGateway ?? difference.inPayments ?? difference.inLedger)?.currency ?? null,
          ...[gateway, difference.intentId],
        ];
        const added = await sql.query(
          `insert into payments.reconciliation_difference
             (bucket, id, object_id, payment_id, kind, explanation, gateway_amount, payment_amount, ledger_amount, currency, gateway, intent_id)
           values ($1::smallint, $2::uuid, $3, $4::uuid, $5, $6, $7::bigint, $8::bigint, $9::bigint, $10, $11, $12) on conflict (bucket, id) do nothing returning id`,
          values,
        );
        if (added.length > 0) fresh.push(difference);
        else {
          await sql.query(
            `update payments.reconciliation_difference
                set payment_id = $4::uuid, kind = $5, explanation = $6, gateway_amount = $7::bigint, payment_amount = $8::bigint,
                    ledger_amount = $9::bigint, currency = $10, intent_id = $12, resolved_at = null
              where bucket = $1::smallint and id = $2::uuid and object_id = $3 and gateway = $11`,
            values,
          );
        }
      }
      await sql.query(
        `update payments.reconciliation_difference set resolved_at = now() where gateway = $1 and resolved_at is null and object_id = any($2::text[])`,
        [gateway, [...agreed]],
      );
      const id = hashedId(`reconciliation/${gateway}/${run.from}/${run.to}`);
      await sql.query(
        `insert into payments.reconciliation (bucket, id, gateway, from_at, to_at, started_at, compared, differences)
         values ($1::smallint, $2::uuid, $3, $4::timestamptz, $5::timestamptz, $6::timestamptz, $7::bigint, $8::bigint)
         on conflict (bucket, id) do update set started_at = excluded.started_at, finished_at = now(),
           compared = excluded.compared, differences = excluded.differences`,
        [bucketOf(id), id, gateway, run.from, run.to, run.startedAt, agreed.size + differences.length, differences.length],
      );
      return fresh;
    });
  }
}

const rowId = (gateway: string, objectId: string) => hashedId(`reconciliation/${gateway}/${objectId}`);
const amountOf = (money: Money | null): string | null => money?.amount.toString() ?? null;
