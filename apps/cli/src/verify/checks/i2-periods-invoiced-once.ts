import { epochMs, fromEpochMs, type Instant } from '#kernel/instant.js';
import type { Interval } from '#kernel/interval.js';
import type { Check } from '../check.js';
import { boundsDayByDay, type Cycle } from '../day-by-day.js';
import { examined, type Finding, violation } from '../finding.js';
import { countOf, rowsOf, violationsIn } from '../rows.js';
import { settledUsage, usageThatWasCounted, WAITING } from '../settled-usage.js';
import { GRACE_MS, type Subject } from '../subject.js';

interface Periodic {
  readonly code: string;
  readonly kind: 'recurring' | 'usage';
  readonly billing: 'advance' | 'arrears';
}

interface Started {
  readonly startedAt: Instant;
  readonly trialEnd: Instant | null;
  readonly timeZone: string;
  readonly interval: Interval;
  readonly anchorDay: number | null;
  readonly prices: readonly Periodic[];
  /** What the subscription's test clock shows, or null in real time. */
  readonly clock: string | null;
  readonly advancing: boolean | null;
}

/** A price and a period, as `code start/end`. */
interface Billed {
  readonly invoiceId: string;
  readonly priced: readonly string[] | null;
}

type Row = { bucket: number; subscription: string; account: string } & (
  | { kind: 'started'; data: Started }
  | { kind: 'canceled'; data: { readonly at: Instant } }
  | { kind: 'invoiced'; data: Billed }
);

/**
 * I2. Every due period of a subscription is invoiced exactly once for each recurring price, at most once for each that is metered
 * (nothing used may cost nothing), what late usage takes back to bill it anew aside; nothing else is. Once its usage is settled, what
 * was billed of it, all told, is what it comes to, and what it comes to is for all that was counted. Oracles: the periods as they are found
 * by walking the calendar day by day (day-by-day.ts) from the start, or the trial's end, to the cancellation, or to what the account's
 * clock shows, against the prices and periods that the issued lines are for; the sums of those lines; the totals that are kept beside the log.
 */
export const periodsInvoicedOnce: Check = {
  id: 'I2',
  invariant: 'every due period is invoiced exactly once',
  async *run(subject, advance) {
    const subscriptions = await countOf(subject.sql, `select count(*) from es.event where event_type = 'SubscriptionStarted'`);
    let seen = 0;
    let periods = 0;
    let rows: Row[] = [];
    for await (const row of rowsOf<Row>(subject.sql, HISTORIES)) {
      if (rows[0] && rows[0].subscription !== row.subscription) {
        periods += yield* checkSubscription(subject, rows);
        rows = [];
        seen += 1;
        if (seen % 1_000 === 0) advance(seen / subscriptions);
      }
      rows.push(row);
    }
    if (rows.length > 0) periods += yield* checkSubscription(subject, rows);
    yield examined(periods, 'due periods');
    for (const query of [settledUsage, usageThatWasCounted]) yield* violationsIn(subject.sql, query);
    yield examined(await countOf(subject.sql, `select count(*) from es.event where event_type = 'UsageSettled'`), 'settled periods');
  },
};

async function* checkSubscription(subject: Subject, rows: readonly Row[]): AsyncGenerator<Finding, number> {
  const { bucket, subscription, account } = rows[0]!;
  const where = { bucket, subscription, account };
  const started = rows.find((row) => row.kind === 'started')?.data as Started | undefined;
  const invoiced = rows.flatMap((row) => (row.kind === 'invoiced' ? [row.data] : []));
  if (!started) {
    for (const { invoiceId } of invoiced)
      yield violation({ ...where, invoice: invoiceId }, 'An invoice is for a subscription that never started.');
    return 0;
  }
  const canceledAt = rows.find((row) => row.kind === 'canceled')?.data.at;
  const due = duePeriods(started, subject.asOf, canceledAt);
  const billed = new Map(due.map(({ priced }) => [priced, [] as string[]]));
  for (const { invoiceId, priced } of invoiced) {
    for (const one of priced ?? []) {
      const invoices = billed.get(one);
      if (invoices) invoices.push(invoiceId);
      else yield violation({ ...where, invoice: invoiceId, period: periodOf(one) }, 'An invoice is for a period that was not due.');
    }
  }
  for (const { priced, must } of due) {
    const invoices = billed.get(priced)!;
    const period = periodOf(priced);
    if (invoices.length === 0 && must) yield violation({ ...where, period }, 'A due period was not invoiced.');
    if (invoices.length > 1)
      yield violation({ ...where, period, invoices: invoices.join(' ') }, `A period was invoiced ${invoices.length} times.`);
  }
  return due.filter(({ isCertain }) => isCertain).length;
}

type IsDue = (at: Instant) => boolean;

/**
 * What must have been invoiced, and what may have been. On a test clock that stands still they are the same. In real time,
 * and while a clock is moving, the last may be on its way, and the clocks of two machines differ a little.
 */
function horizonOf({ clock, advancing }: Started, asOf: Instant): { must: IsDue; may: IsDue } {
  if (clock === null) {
    const [earliest, latest] = [-GRACE_MS, GRACE_MS].map((ms) => fromEpochMs(epochMs(asOf) + ms)) as [Instant, Instant];
    return { must: (at) => at <= earliest, may: (at) => at <= latest };
  }
  const now = fromEpochMs(Date.parse(clock));
  return { must: (at) => (advancing ? at < now : at <= now), may: (at) => at <= now };
}

const periodOf = (priced: string): string => priced.split(' ').at(-1)!;

/** What every recurring or metered price is to be billed for: in advance when a period begins, in arrears when it is over, early or not. */
function duePeriods(
  started: Started,
  asOf: Instant,
  canceledAt: Instant | undefined,
): { priced: string; isCertain: boolean; must: boolean }[] {
  const { must, may } = horizonOf(started, asOf);
  return periodsOf(started, may, canceledAt).flatMap(({ start, end, isCertain }) =>
    started.prices.flatMap(({ code, kind, billing }) => {
      const isOwed = isCertain && kind === 'recurring';
      const over = canceledAt !== undefined && canceledAt < end ? canceledAt : end;
      const [dueAt, until] = billing === 'advance' ? [start, end] : [over, over];
      return may(dueAt) ? [{ priced: `${code} ${start}/${until}`, isCertain: isOwed, must: isOwed && must(dueAt) }] : [];
    }),
  );
}

/**
 * The periods that have begun. One that would begin at the very moment of the cancellation has, or has not, by which of the two
 * came first; but the first one begins with the subscription.
 */
function periodsOf(
  { startedAt, trialEnd, timeZone, interval, anchorDay }: Started,
  due: IsDue,
  canceledAt: Instant | undefined,
): { start: Instant; end: Instant; isCertain: boolean }[] {
  const cycle: Cycle = { start: trialEnd ?? startedAt, timeZone, interval, anchorDay };
  const isBefore = (at: Instant): boolean => canceledAt === undefined || at < canceledAt;
  const periods: { start: Instant; end: Instant; isCertain: boolean }[] = [];
  let start: Instant | undefined;
  for (const bound of boundsDayByDay(cycle)) {
    // Nothing lies between a day that never was and the day after it.
    if (start !== undefined && start < bound) {
      const isFirst = start === startedAt;
      periods.push({ start, end: bound, isCertain: isBefore(start) || isFirst });
    }
    if (!due(bound) || (!isBefore(bound) && bound !== canceledAt)) return periods;
    start = bound;
  }
  return periods;
}

/** Usage that was taken back to be billed anew does not count; what waits for a bill does. */
const HISTORIES = `
  with ${WAITING},
  taken_back as (
    select e.bucket, l."reversesLineId" as id
      from es.event e, json_to_recordset(e.payload->'lines') as l (kind text, "reversesLineId" uuid)
     where e.event_type = 'InvoiceIssued' and l.kind = 'usage' and l."reversesLineId" is not null
    union all
    select bucket, reverses from waiting where kind = 'usage' and reverses is not null)
  select e.bucket, e.stream_id as subscription, e.payload->>'accountId' as account, 'started' as kind,
         json_build_object('startedAt', e.payload->>'startedAt', 'trialEnd', e.payload->>'trialEnd', 'timeZone', e.payload->>'timeZone',
                           'interval', e.payload->'terms'->'interval', 'anchorDay', e.payload->'anchorDay',
                           'prices', (select coalesce(json_agg(json_build_object('code', price.code, 'kind', price.kind, 'billing', price.billing)), '[]')
                                        from json_to_recordset(e.payload->'terms'->'prices') as price (code text, kind text, billing text)
                                       where price.kind in ('recurring', 'usage')),
                           'clock', c.now, 'advancing', c.target is not null) as data
    from es.event e
    left join es.clocked_stream m on m.bucket = e.bucket and m.stream_id = e.stream_id
    left join es.test_clock c on c.bucket = get_byte(uuid_send(m.clock_id), 15) and c.id = m.clock_id
   where e.event_type = 'SubscriptionStarted'
  union all
  select bucket, stream_id, payload->>'accountId', 'canceled', json_build_object('at', payload->>'canceledAt')
    from es.event where event_type = 'SubscriptionCanceled'
  union all
  select e.bucket, line."subscriptionId", e.payload->>'accountId', 'invoiced',
         json_build_object('invoiceId', e.stream_id, 'priced',
           json_agg(line."priceCode" || ' ' || (line.period->>'start') || '/' || (line.period->>'end')) filter (where line.kind in ('recurring', 'usage')))
    from es.event e, json_to_recordset(e.payload->'lines') as line (id uuid, "subscriptionId" uuid, "priceCode" text, kind text, period json, "reversesLineId" uuid)
   where e.event_type = 'InvoiceIssued' and line."subscriptionId" is not null and line."reversesLineId" is null
     and not exists (select 1 from taken_back t where t.bucket = e.bucket and t.id = line.id)
   group by e.bucket, e.stream_id, line."subscriptionId", e.payload->>'accountId'
  union all
  select bucket, subscription, account, 'invoiced',
         json_build_object('invoiceId', 'waiting', 'priced', json_agg("priceCode" || ' ' || (period->>'start') || '/' || (period->>'end')))
    from waiting w
   where kind in ('recurring', 'usage') and reverses is null and not exists (select 1 from taken_back t where t.bucket = w.bucket and t.id = w.id)
   group by bucket, subscription, account
   order by 1, 2`;
