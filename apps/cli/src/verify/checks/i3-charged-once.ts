import type { Check } from '../check.js';
import { examined, notChecked } from '../finding.js';
import { listIntents } from '../gateway-intents.js';
import { countOf, violationsIn } from '../rows.js';
import { GRACE_MS, type Subject } from '../subject.js';

const DAYS_UNKNOWN = 8;

/**
 * I3. No invoice is paid twice or beyond what is due, by our own payments and by the gateway's; each payment of ours that
 * succeeded is one intent of the gateway that succeeded with the same amount, and each of those is one of ours, or stands
 * among the stray charges for a person to look at; and no payment stays unknown for eight days. Oracle: the gateway's own
 * list of intents, by the ids that we gave as metadata. Payments with a job that still works on them are not judged.
 */
export const chargedOnce: Check = {
  id: 'I3',
  invariant: 'no invoice is charged twice or too much, and our payments are those of the gateway',
  async *run(subject) {
    const { sql, stripe } = subject;
    yield examined(await countOf(sql, 'select count(*) from payments.payment_details'), 'payments');
    yield* violationsIn(sql, PAID_TOO_MUCH);
    yield* violationsIn(sql, unknownForLong(subject));
    if (!stripe) {
      yield notChecked('what the gateway has charged', 'needs a gateway: STRIPE_API_KEY, or the local simulator');
      return;
    }
    yield examined(await listIntents(sql, stripe), 'intents');
    const underWay = await countOf(sql, UNDER_WAY);
    if (underWay > 0) yield notChecked(`${underWay} payments against the gateway`, 'they are under way: run it again once all is quiet');
    for (const query of [CAPTURED_TOO_MUCH, NOT_AT_GATEWAY, notInOurBooks(subject), OTHER_AMOUNT]) yield* violationsIn(sql, query);
  },
};

const PAID_TOO_MUCH = `
  select p.bucket, p.invoice_id as invoice,
         format('%s payments of an invoice succeeded, with %s %s in all; %s was due.', count(*), sum(p.amount), min(p.currency), min(i.total_amount - i.credit_applied_amount)) as says
    from payments.payment_details p
    left join invoicing.invoice_details i on i.bucket = p.bucket and i.id = p.invoice_id
   where p.status = 'succeeded'
   group by p.bucket, p.invoice_id
  having count(*) > 1 or sum(p.amount) > coalesce(min(i.total_amount - i.credit_applied_amount), 0)`;

/** By the account's clock, and by real time since the gateway was first asked, whichever is longer. */
const unknownForLong = ({ asOf }: Subject): string => `
  select p.bucket, p.id as payment, p.invoice_id as invoice, format('A payment has been unknown for more than ${DAYS_UNKNOWN} days, since %s.', p.created_at) as says
    from payments.payment_details p
    left join es.clocked_stream m on m.bucket = p.bucket and m.stream_id = p.id
    left join es.test_clock c on c.bucket = get_byte(uuid_send(m.clock_id), 15) and c.id = m.clock_id
   where p.status = 'unknown'
     and (p.created_at < coalesce(c.now, timestamptz '${asOf}') - interval '${DAYS_UNKNOWN} days'
          or exists (select 1 from es.event e where e.bucket = p.bucket and e.stream_id = p.id and e.event_type = 'PaymentOutcomeUnknown'
                      and (e.payload->>'askedAt')::timestamptz < timestamptz '${asOf}' - interval '${DAYS_UNKNOWN} days'))`;

const HAS_JOB = `exists (select 1 from es.job j where j.kind = 'payments.collect' and j.state <> 'dead' and j.bucket = p.bucket and j.payload->>'paymentId' = p.id::text)`;
const IS_OPEN = `p.status in ('pending', 'processing', 'unknown')`;
const UNDER_WAY = `select count(*) from payments.payment_details p where ${IS_OPEN} and ${HAS_JOB}`;

const CAPTURED_TOO_MUCH = `
  select i.bucket, g.invoice_id as invoice, string_agg(g.id, ' ') as intents,
         format('The gateway charged an invoice %s times, with %s %s in all; %s was due.', count(*), sum(g.received), min(g.currency),
                coalesce(min(i.total_amount - i.credit_applied_amount)::text, 'nothing')) as says
    from gateway_intent g
    left join invoicing.invoice_details i on i.id::text = g.invoice_id
   where g.status = 'succeeded' and g.invoice_id is not null
   group by i.bucket, g.invoice_id
  having count(*) > 1 or sum(g.received) > coalesce(min(i.total_amount - i.credit_applied_amount), 0)`;

const NOT_AT_GATEWAY = `
  select p.bucket, p.id as payment, p.intent_id as intent, format('A payment of %s %s succeeded here, and the gateway says: %s.', p.amount, p.currency, coalesce(g.status, 'no such intent')) as says
    from payments.payment_details p left join gateway_intent g on g.id = p.intent_id
   where p.status = 'succeeded' and g.status is distinct from 'succeeded'`;

const notInOurBooks = ({ asOf }: Subject): string => `
  select p.bucket, g.id as intent, p.id as payment,
         format('The gateway charged %s %s, and %s.', g.received, g.currency,
                case when p.id is null then 'no payment or stray charge of ours knows of it' else 'our payment is ' || p.status || ' with the intent ' || coalesce(p.intent_id, 'none') end) as says
    from gateway_intent g
    left join payments.payment_details p on p.id::text = g.payment_id
   where g.status = 'succeeded' and g.created_at < timestamptz '${asOf}' - interval '${GRACE_MS} milliseconds'
     and (p.id is null or not (p.status in ('succeeded', 'refunded', 'partially_refunded') and p.intent_id = g.id))
     and not (p.id is not null and ${IS_OPEN} and ${HAS_JOB})
     and not exists (select 1 from payments.stray_charge s where s.object_id = g.id)`;

const OTHER_AMOUNT = `
  select p.bucket, p.id as payment, g.id as intent, format('The gateway charged %s %s for a payment of %s %s.', g.received, g.currency, p.amount, p.currency) as says
    from gateway_intent g join payments.payment_details p on p.intent_id = g.id
   where g.status = 'succeeded' and p.status = 'succeeded' and (g.received <> p.amount or g.currency <> p.currency)`;
