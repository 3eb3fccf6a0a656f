import type { Clock } from '#event-sourcing/clock.js';
import type { FinishJob, JobHandler } from '#event-sourcing/job-runner.js';
import type { ClaimedJob } from '#event-sourcing/jobs.js';
import type { Database } from '#event-sourcing/sql.js';
import { faultPoint } from '#kernel/fault-point.js';
import { bucketOf, hashedId } from '#kernel/ids.js';
import { fromEpochMs, type Instant, laterOf, plusMs } from '#kernel/instant.js';
import type { PaymentGateways } from '../gateways/payment-gateways.js';
import type { GatewayInbox } from '../stores/gateway-inbox.store.js';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** Stripe keeps events for 30 days: the first sweep of an installation begins there. */
const KEPT_MS = 30 * DAY_MS;
/** An event may be listed later than others of its time: each sweep looks again at what the one before it may have been too early for. */
const OVERLAP_MS = 10 * MINUTE_MS;

export const sweepRhythm = { kind: 'payments.sweep', everyMs: 5 * MINUTE_MS, offsetMs: 0 } as const;

/** Finds the events whose webhooks never came, and puts them into the inbox, where they count once whoever brought them. */
export class SweepGatewayEvents implements JobHandler {
  readonly kind = sweepRhythm.kind;
  readonly lane = 'gateway';

  constructor(
    private readonly gateways: PaymentGateways,
    private readonly inbox: GatewayInbox,
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  async run({ payload }: ClaimedJob, finish: FinishJob): Promise<void> {
    await this.sweep(payload.gateway!);
    await finish();
  }

  /** Answers how many events had been missed. The cursor moves only once everything up to it is in the inbox. */
  async sweep(gateway: string): Promise<number> {
    const sweptTo = await this.sweptTo(gateway);
    let newest = sweptTo;
    let missed = 0;
    for await (const page of this.gateways.named(gateway).events(plusMs(sweptTo, -OVERLAP_MS))) {
      for (const event of await this.inbox.unknownOf(gateway, page)) {
        if ((await this.inbox.receive(gateway, event)) === 'received') missed += 1;
      }
      newest = page.reduce((latest, { createdAt }) => laterOf(latest, createdAt), newest);
      await faultPoint('payments.sweep-kept');
    }
    await this.database.query(
      `insert into payments.gateway_sweep (bucket, id, gateway, swept_to) values ($1::smallint, $2::uuid, $3, $4::timestamptz)
       on conflict (bucket, id) do update set swept_to = greatest(gateway_sweep.swept_to, excluded.swept_to), swept_at = now()`,
      [bucketOf(sweepId(gateway)), sweepId(gateway), gateway, newest],
    );
    return missed;
  }

  private async sweptTo(gateway: string): Promise<Instant> {
    const [row] = await this.database.query<{ swept_to: Date }>(
      'select swept_to from payments.gateway_sweep where bucket = $1::smallint and id = $2::uuid',
      [bucketOf(sweepId(gateway)), sweepId(gateway)],
    );
    return row ? fromEpochMs(row.swept_to.getTime()) : plusMs(this.clock.now(), -KEPT_MS);
  }
}

const sweepId = (gateway: string) => hashedId(`${gateway}/sweep`);
