import type { Check } from '../check.js';
import { examined, notChecked } from '../finding.js';
import { countOf, violationsIn } from '../rows.js';

/** The first attempt, and the retries of days 3, 5, 7 and 10. A person may ask for more. */
const MOST_BY_ITSELF = 5;

/**
 * I12. Attempts at an invoice are made one after the other, each after the failure of the one before, none once the invoice
 * is settled, and by itself no more than the policy says; a subscription begins no period after its end. Oracle: the order
 * in which the events of the account's bucket were committed.
 */
export const attemptsWithinPolicy: Check = {
  id: 'I12',
  invariant: 'attempts at charging stay within the policy, and nothing is charged after the end',
  async *run({ sql }) {
    yield examined(await countOf(sql, `select count(*) from es.event where event_type = 'PaymentRequested'`), 'attempts');
    for (const query of [OUT_OF_TURN, TOO_MANY, AFTER_SETTLED, AFTER_CANCEL]) yield* violationsIn(sql, query);
    yield notChecked('no charge after void', 'not built yet: invoices are not voided');
  },
};

const OUT_OF_TURN = `
  with attempt as (
    select r.bucket, r.pos, r.stream_id, r.payload->>'invoiceId' as invoice, (r.payload->>'attempt')::integer as attempt,
           (select min(f.pos) from es.event f where f.bucket = r.bucket and f.stream_id = r.stream_id and f.event_type = 'PaymentFailed') as failed
      from es.event r where r.event_type = 'PaymentRequested'),
  placed as (
    select *, lag(attempt, 1, 0) over same as before, lag(failed) over same as failed_before
      from attempt window same as (partition by bucket, invoice order by pos))
  select bucket, invoice, stream_id as payment, format('Attempt %s was made after attempt %s, which had %s.', attempt, before,
         case when failed_before is null then 'not failed' when failed_before > pos then 'not failed yet' else 'failed' end) as says
    from placed where attempt <> before + 1 or (before > 0 and (failed_before is null or failed_before > pos))`;

const TOO_MANY = `
  select bucket, payload->>'invoiceId' as invoice, format('%s attempts were made by itself; the policy is ${MOST_BY_ITSELF}.', count(*)) as says
    from es.event where event_type = 'PaymentRequested' and (actor not like 'api-key:%' or (payload->>'attempt')::integer = 1)
   group by bucket, payload->>'invoiceId' having count(*) > ${MOST_BY_ITSELF}`;

const AFTER_SETTLED = `
  select r.bucket, s.stream_id as invoice, r.stream_id as payment, format('A payment was asked for at position %s, after the invoice was settled at %s.', r.pos, s.pos) as says
    from es.event r join es.event s on s.bucket = r.bucket and s.stream_id = (r.payload->>'invoiceId')::uuid
   where r.event_type = 'PaymentRequested' and s.event_type in ('InvoicePaid', 'InvoiceVoided') and s.pos < r.pos`;

const AFTER_CANCEL = `
  select p.bucket, p.stream_id as subscription, format('A period began with version %s, after the end with version %s.', p.version, c.version) as says
    from es.event p join es.event c on c.bucket = p.bucket and c.stream_id = p.stream_id
   where p.event_type = 'PeriodStarted' and c.event_type = 'SubscriptionCanceled' and c.version < p.version`;
