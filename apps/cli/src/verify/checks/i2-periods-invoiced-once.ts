import { derivedId } from '#kernel/ids.js';
import { epochMs, fromEpochMs, type Instant } from '#kernel/instant.js';
import type { Interval } from '#kernel/interval.js';
import type { Check } from '../check.js';
import { boundsDayByDay, type Cycle } from '../day-by-day.js';
import { examined, type Finding, violation } from '../finding.js';
import { countOf, rowsOf } from '../rows.js';
import { GRACE_MS, type Subject } from '../subject.js';

interface Started {
  readonly startedAt: Instant;
  readonly trialEnd: Instant | null;
  readonly timeZone: string;
  readonly interval: Interval;
  readonly anchorDay: number | null;
  /** What the subscription's test clock shows, or null in real time. */
  readonly clock: string | null;
  readonly advancing: boolean | null;
}

type Row = { bucket: number; subscription: string; account: string } & (
  | { kind: 'started'; data: Started }
  | { kind: 'canceled'; data: { readonly at: Instant } }
  | { kind: 'invoiced'; data: { readonly invoiceId: string; readonly periods: readonly string[] | null } }
);

/**
 * I2. Every due period of a subscription is invoiced exactly once, and nothing else is. Oracle: the periods as they are
 * found by walking the calendar day by day (day-by-day.ts) from the start, or the trial's end, to the cancellation, or to
 * what the account's clock shows; against the periods that the issued lines are for.
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
  const { must, may } = horizonOf(started, subject.asOf);
  const due = duePeriods(started, may, canceledAt);
  const billed = new Map(due.map((period) => [period, [] as string[]]));
  for (const { invoiceId, periods } of invoiced) {
    // An invoice without recurring lines is known by its id, which follows from the start of its period.
    const covered = periods ?? due.filter((period) => derivedId(subscription, `invoice/${startOf(period)}`) === invoiceId);
    for (const period of covered) {
      const invoices = billed.get(period);
      if (invoices) invoices.push(invoiceId);
      else yield violation({ ...where, invoice: invoiceId, period }, 'An invoice is for a period that was not due.');
    }
  }
  for (const [period, invoices] of billed) {
    if (invoices.length === 0 && must(startOf(period))) yield violation({ ...where, period }, 'A due period was not invoiced.');
    if (invoices.length > 1)
      yield violation({ ...where, period, invoices: invoices.join(' ') }, `A period was invoiced ${invoices.length} times.`);
  }
  return due.length;
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

const startOf = (period: string): Instant => period.split('/')[0] as Instant;

/** As `start/end`. */
function duePeriods(
  { startedAt, trialEnd, timeZone, interval, anchorDay }: Started,
  due: IsDue,
  canceledAt: Instant | undefined,
): string[] {
  const cycle: Cycle = { start: trialEnd ?? startedAt, timeZone, interval, anchorDay };
  const periods: string[] = [];
  let start: Instant | undefined;
  for (const bound of boundsDayByDay(cycle)) {
    if (start !== undefined) periods.push(`${start}/${bound}`);
    if (!due(bound) || (canceledAt !== undefined && canceledAt <= bound)) return periods;
    start = bound;
  }
  return periods;
}

const HISTORIES = `
  select e.bucket, e.stream_id as subscription, e.payload->>'accountId' as account, 'started' as kind,
         json_build_object('startedAt', e.payload->>'startedAt', 'trialEnd', e.payload->>'trialEnd', 'timeZone', e.payload->>'timeZone',
                           'interval', e.payload->'terms'->'interval', 'anchorDay', e.payload->'anchorDay',
                           'clock', c.now, 'advancing', c.target is not null) as data
    from es.event e
    left join es.clocked_stream m on m.bucket = e.bucket and m.stream_id = e.stream_id
    left join es.test_clock c on c.bucket = get_byte(uuid_send(m.clock_id), 15) and c.id = m.clock_id
   where e.event_type = 'SubscriptionStarted'
  union all
  select bucket, stream_id, payload->>'accountId', 'canceled', json_build_object('at', payload->>'canceledAt')
    from es.event where event_type = 'SubscriptionCanceled'
  union all
  select e.bucket, p."subscriptionId", p."accountId", 'invoiced',
         json_build_object('invoiceId', e.stream_id, 'periods', (
           select json_agg(distinct (line.period->>'start') || '/' || (line.period->>'end'))
             from json_to_recordset(p.lines) as line (kind text, period json) where line.kind = 'recurring'))
    from es.event e, json_to_record(e.payload) as p ("subscriptionId" uuid, "accountId" text, lines json)
   where e.event_type = 'InvoiceIssued' and p."subscriptionId" is not null
   order by 1, 2`;
