import type { Database } from '#event-sourcing/sql.js';
import type { Currency } from '#kernel/currency.js';
import { bucketOf, type Id, isId, type PaymentId } from '#kernel/ids.js';
import { Money } from '#kernel/money.js';
import type { TimeRange } from '../gateways/payment-gateway.js';
import type { PaymentStatus } from '../payment/payment.state.js';
import type { BookedPayment } from '../reconciliation/compare-books.js';

interface BookedRow {
  id: PaymentId;
  intent_id: string | null;
  status: PaymentStatus;
  amount: string;
  currency: Currency;
  ledger_amount: string | null;
  ledger_currency: Currency | null;
}

/** Money that the ledger moved at the gateway for something that is no payment. */
export interface LoosePosting {
  readonly eventId: Id;
  readonly amount: Money;
}

const AT_ONCE = 500;

const BOOKED = `
  select p.id, p.gateway, p.intent_id, p.status, p.amount, p.currency, l.amount as ledger_amount, l.currency as ledger_currency
    from payments.payment_details p
    left join lateral (
      select sum(case when l.debit_account = 'cash:' || p.gateway then l.amount else -l.amount end) as amount, min(l.currency) as currency
        from es.event e join ledger.posting l on l.bucket = e.bucket and l.event_id = e.event_id
       where e.bucket = p.bucket and e.stream_id = p.id and 'cash:' || p.gateway in (l.debit_account, l.credit_account)) l on true`;

/** Our side of the reconciliation: payments, and beside each what the ledger has of it. */
export class BookedPayments {
  constructor(private readonly database: Database) {}

  /** Those of the ids, given as text from outside, that are payments of ours by the gateway. */
  async named(gateway: string, texts: readonly (string | null)[]): Promise<Map<string, BookedPayment>> {
    const ids = [...new Set(texts)].filter(isId);
    const rows = await this.database.query<BookedRow>(
      `${BOOKED} where (p.bucket, p.id) in (select * from unnest($1::smallint[], $2::uuid[])) and p.gateway = $3`,
      [ids.map(bucketOf), ids, gateway],
    );
    return new Map(rows.map((row) => [row.id, bookedFrom(row)]));
  }

  /** In pages, what we have booked as taken in a time, by the clocks of the accounts. */
  async *takenIn(gateway: string, { from, to }: TimeRange): AsyncIterable<readonly BookedPayment[]> {
    for (let after: readonly [Date | string, string] = [from, '00000000-0000-0000-0000-000000000000']; ; ) {
      const rows = await this.database.query<BookedRow & { settled_at: Date }>(
        `select b.*, k.settled_at from (
           select bucket, id, settled_at from payments.payment_details
            where settled_at is not null and status <> 'failed' and gateway = $4
              and (settled_at, id) > ($1::timestamptz, $2::uuid) and settled_at < $3::timestamptz
            order by settled_at, id limit ${AT_ONCE}) k
         join lateral (${BOOKED} where p.bucket = k.bucket and p.id = k.id) b on true
        order by k.settled_at, k.id`,
        [after[0], after[1], to, gateway],
      );
      if (rows.length > 0) yield rows.map(bookedFrom);
      if (rows.length < AT_ONCE) return;
      after = [rows.at(-1)!.settled_at, rows.at(-1)!.id];
    }
  }

  /** Postings on the gateway's cash that no payment is the reason of; those of a payment are of the moment when it was settled. */
  async loosePostings(gateway: string, { from, to }: TimeRange): Promise<LoosePosting[]> {
    const rows = await this.database.query<{ event_id: Id; amount: string; currency: Currency }>(
      `select l.event_id, case when l.debit_account = $3 then l.amount else -l.amount end as amount, l.currency
         from ledger.posting l
        where $3 in (l.debit_account, l.credit_account) and l.effective_at >= $1::timestamptz and l.effective_at < $2::timestamptz
          and not exists (
            select 1 from payments.payment_details p join es.event e on e.bucket = p.bucket and e.stream_id = p.id
             where p.settled_at = l.effective_at and p.bucket = l.bucket and e.event_id = l.event_id)`,
      [from, to, `cash:${gateway}`],
    );
    return rows.map(({ event_id: eventId, amount, currency }) => ({ eventId, amount: Money.of(BigInt(amount), currency) }));
  }
}

function bookedFrom(row: BookedRow): BookedPayment {
  const { id: paymentId, intent_id: intentId, status, ledger_amount, ledger_currency } = row;
  const inLedger = ledger_amount === null || ledger_currency === null ? null : Money.of(BigInt(ledger_amount), ledger_currency);
  return { paymentId, intentId, status, amount: Money.of(BigInt(row.amount), row.currency), inLedger };
}
