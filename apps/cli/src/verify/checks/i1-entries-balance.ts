import type { RecordedEvent } from '#event-sourcing/domain-event.js';
import type { LedgerPosting } from '#event-sourcing/postings.js';
import type { Check } from '../check.js';
import { examined, type Finding, violation } from '../finding.js';
import { recordedEvents } from '../recorded-events.js';
import { violationsIn } from '../rows.js';
import type { Subject } from '../subject.js';

interface StoredPosting {
  event_id: string;
  index: number;
  credit_account: string;
  debit_account: string;
  amount: string;
  currency: string;
  line_id: string | null;
}

/**
 * I1. A row of the ledger moves one amount from one account to another, so an entry can only be out of balance by a row that
 * is wrong, missing or too many, and balances are not stored but summed. Oracles: the postings derived anew from every event;
 * and, from other numbers altogether, what each customer owes as the invoices and payments tell it.
 */
export const entriesBalance: Check = {
  id: 'I1',
  invariant: 'every journal entry balances, and the books say what the events say',
  async *run(subject, advance) {
    yield* violationsIn(subject.sql, MOVES_NOTHING);
    yield* violationsIn(subject.sql, WITHOUT_EVENT);
    yield* violationsIn(subject.sql, RECEIVABLES);
    yield* derivedAnew(subject, advance);
  },
};

async function* derivedAnew(subject: Subject, advance: (part: number) => void): AsyncGenerator<Finding> {
  const types = subject.vocabulary
    .declared()
    .flatMap(({ postings = [] }) => postings.flatMap(({ hears }) => hears.map(({ type }) => type)));
  let count = 0;
  for await (const { bucket, events } of recordedEvents(subject, types, advance)) {
    const stored = Map.groupBy(await postingsOf(subject, bucket, events), ({ event_id }) => event_id);
    for (const recorded of events) {
      const found = stored.get(recorded.meta.eventId) ?? [];
      const wanted = subject.vocabulary.postingsOf(recorded).map(asStored);
      count += found.length;
      if (found.map(rowText).join() !== wanted.join()) yield differs(recorded, found.map(rowText), wanted);
    }
  }
  yield examined(count, 'postings');
}

function postingsOf({ sql }: Subject, bucket: number, events: readonly RecordedEvent[]): Promise<StoredPosting[]> {
  return sql.query<StoredPosting>(
    `select event_id, index, credit_account, debit_account, amount, currency, line_id from ledger.posting
      where bucket = $1::smallint and event_id = any($2::uuid[]) order by event_id, index`,
    [bucket, events.map(({ meta }) => meta.eventId)],
  );
}

const rowText = ({ index, credit_account, debit_account, amount, currency, line_id }: StoredPosting): string =>
  `#${index} ${amount} ${currency} from ${credit_account} to ${debit_account}${forLine(line_id)}`;

const asStored = ({ from, to, amount, lineId }: LedgerPosting, index: number): string =>
  `#${index} ${amount.amount} ${amount.currency} from ${from} to ${to}${forLine(lineId ?? null)}`;

const forLine = (lineId: string | null): string => (lineId === null ? '' : ` for the line ${lineId}`);

function differs({ event, meta }: RecordedEvent, found: readonly string[], wanted: readonly string[]): Finding {
  const says = `The ledger holds ${listed(found)} for ${event.type}, and the event says ${listed(wanted)}.`;
  return violation({ bucket: meta.bucket, event: meta.eventId, stream: meta.streamId, version: meta.version }, says);
}

const listed = (postings: readonly string[]): string => (postings.length === 0 ? 'nothing' : postings.join('; '));

const MOVES_NOTHING = `
  select p.bucket, p.event_id as event, p.index,
         format('A posting of %s %s from %s to %s moves nothing, or backwards.', p.amount, p.currency, p.credit_account, p.debit_account) as says
    from ledger.posting p where p.amount <= 0 or p.credit_account = p.debit_account`;

const WITHOUT_EVENT = `
  select p.bucket, p.event_id as event, p.index, format('A posting of %s %s has no event.', p.amount, p.currency) as says
    from ledger.posting p
   where not exists (select 1 from es.event e where e.bucket = p.bucket and e.event_id = p.event_id)`;

const RECEIVABLES = `
  with booked as (
    select bucket, account, currency, sum(amount) as amount from (
      select bucket, debit_account as account, currency, amount::numeric from ledger.posting where debit_account like 'receivable:%'
      union all select bucket, credit_account, currency, -amount::numeric from ledger.posting where credit_account like 'receivable:%') b
     group by bucket, account, currency),
  owed as (
    select bucket, account, currency, sum(amount) as amount from (
      select bucket, 'receivable:' || (payload->>'accountId') as account, payload->'total'->>'currency' as currency, (payload->'total'->>'amount')::numeric as amount
        from es.event where event_type = 'InvoiceIssued'
      union all
      select bucket, 'receivable:' || (payload->>'accountId'), payload->'amount'->>'currency', -(payload->'amount'->>'amount')::numeric
        from es.event where event_type = 'PaymentSucceeded') o
     group by bucket, account, currency)
  select bucket, account, format('The books say that %s %s is receivable; invoices less payments come to %s.', coalesce(b.amount, 0), currency, coalesce(o.amount, 0)) as says
    from booked b full join owed o using (bucket, account, currency)
   where coalesce(b.amount, 0) <> coalesce(o.amount, 0)`;
