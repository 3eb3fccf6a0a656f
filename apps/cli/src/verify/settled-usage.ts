/** Charges that wait for a bill: no line is for them yet. */
export const WAITING = `
  waiting as (
    select e.bucket, e.stream_id as subscription, e.payload->>'accountId' as account, c.*
      from es.event e, json_to_recordset(e.payload->'unbilled') as c (id uuid, "priceCode" text, kind text, period json, amount json, reverses uuid)
     where e.event_type in ('PeriodStarted', 'PeriodEnded', 'UsageSettled')
       and not exists (select 1 from es.event i, json_to_recordset(i.payload->'lines') as l (id uuid)
                        where i.event_type = 'InvoiceIssued' and i.bucket = e.bucket and l.id = c.id))`;

/** What a price came to for a period whose usage is settled. */
const SETTLED = `
  settled as (
    select e.bucket, e.stream_id as subscription, e.payload->'period'->>'start' as start, u."priceCode" as price, u.meter, u.quantity,
           (u.amount->>'amount')::numeric as amount
      from es.event e, json_to_recordset(e.payload->'used') as u ("priceCode" text, meter text, quantity numeric, amount json)
     where e.event_type = 'UsageSettled')`;

/** The lines of a price and period, those of its own invoice and those of late usage, what they take back and what waits included. */
export const settledUsage = `
  with ${SETTLED}, ${WAITING},
  line as (
    select e.bucket, l."subscriptionId" as subscription, l."priceCode" as price, l.period->>'start' as start, (l.amount->>'amount')::numeric as amount
      from es.event e, json_to_recordset(e.payload->'lines') as l ("subscriptionId" uuid, "priceCode" text, kind text, period json, amount json)
     where e.event_type = 'InvoiceIssued' and l.kind = 'usage'
    union all
    select bucket, subscription, "priceCode", period->>'start', (amount->>'amount')::numeric from waiting where kind = 'usage'),
  billed as (select bucket, subscription, price, start, sum(amount) as amount from line group by 1, 2, 3, 4)
  select s.bucket, s.subscription, s.price, s.start as period,
         format('%s was used, which comes to %s, and %s was billed.', s.quantity, s.amount, coalesce(b.amount, 0)) as says
    from settled s left join billed b on b.bucket = s.bucket and b.subscription = s.subscription and b.price = s.price and b.start = s.start
   where s.amount <> coalesce(b.amount, 0)`;

/** Nothing is counted of what is settled, so that it stays what it was. */
export const usageThatWasCounted = `
  with ${SETTLED}
  select s.bucket, s.subscription, s.price, s.start as period,
         format('%s of %s was settled, and %s was counted.', s.quantity, s.meter, coalesce(t.quantity, 0)) as says
    from settled s
    left join metering.total t on t.bucket = s.bucket and t.subscription_id = s.subscription and t.meter = s.meter and t.span = 'period'
                              and t.start = s.start::timestamptz
   where s.quantity <> coalesce(t.quantity, 0)`;
