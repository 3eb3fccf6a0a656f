import type { Clock } from '#event-sourcing/clock.js';
import type { Incidents } from '#event-sourcing/incidents.js';
import type { FinishJob, JobHandler } from '#event-sourcing/job-runner.js';
import type { ClaimedJob } from '#event-sourcing/jobs.js';
import { instant, plusMs } from '#kernel/instant.js';
import type { Money } from '#kernel/money.js';
import type { GatewayMovement, Intent, PaymentGateway, TimeRange } from '../gateways/payment-gateway.js';
import type { PaymentGateways } from '../gateways/payment-gateways.js';
import { type BookedPayment, compareBooked, compareMovement, type Difference } from '../reconciliation/compare-books.js';
import type { BookedPayments, LoosePosting } from '../stores/booked-payments.store.js';
import type { DifferenceRecords } from '../stores/difference-records.store.js';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** At two in the morning, UTC, for the day that ended two hours before. */
export const reconciliationRhythm = { kind: 'payments.reconcile', everyMs: DAY_MS, offsetMs: 2 * HOUR_MS } as const;

export interface Reconciled extends TimeRange {
  /** How many charges, refunds, payments and postings were looked at. */
  readonly compared: number;
  readonly differences: readonly Difference[];
}

/**
 * Compares the gateway with our payments and our ledger, to the cent and in both directions: what the gateway moved in a
 * time is looked up with us, what we have booked in that time is looked up at the gateway, and what differed before is looked
 * at again. Each difference is kept, and reported as an incident when it is new.
 */
export class ReconcileGateway implements JobHandler {
  readonly kind = reconciliationRhythm.kind;
  readonly lane = 'gateway';

  constructor(
    private readonly gateways: PaymentGateways,
    private readonly booked: BookedPayments,
    private readonly records: DifferenceRecords,
    private readonly clock: Clock,
    private readonly incidents: Incidents,
  ) {}

  async run({ payload }: ClaimedJob, finish: FinishJob): Promise<void> {
    const to = plusMs(instant(payload.at!), -reconciliationRhythm.offsetMs);
    await this.reconcile(payload.gateway!, { from: plusMs(to, -DAY_MS), to });
    await finish();
  }

  /** By the gateway's time for what it moved, and by the accounts' clocks for what we booked. */
  async reconcile(name: string, range: TimeRange): Promise<Reconciled> {
    const startedAt = this.clock.now();
    const gateway = this.gateways.named(name);
    const run = new Comparison(gateway, this.booked);
    for await (const page of gateway.movements(range)) await run.movements(page);
    for await (const page of this.booked.takenIn(name, range)) await run.taken(page);
    run.loose(await this.booked.loosePostings(name, range));
    for (const intentId of await this.records.openIntents(name)) await run.again(intentId);
    const differences = [...run.differences.values()];
    for (const difference of await this.records.keep(name, differences, run.agreed, { ...range, startedAt })) {
      const { kind, objectId, explanation } = difference;
      this.incidents.report({ what: 'reconciliation-difference', details: { kind, objectId }, error: new Error(explanation) });
    }
    return { ...range, compared: run.agreed.size + differences.length, differences };
  }
}

/** What one reconciliation has looked at so far, each thing once, by the gateway's name of it. */
class Comparison {
  readonly differences = new Map<string, Difference>();
  readonly agreed = new Set<string>();

  constructor(
    private readonly gateway: PaymentGateway,
    private readonly booked: BookedPayments,
  ) {}

  async movements(page: readonly GatewayMovement[]): Promise<void> {
    const ours = await this.booked.named(
      this.gateway.name,
      page.map(({ paymentId }) => paymentId),
    );
    for (const movement of page) this.note(movement.objectId, compareMovement(movement, ours.get(movement.paymentId ?? '')));
  }

  async taken(page: readonly BookedPayment[]): Promise<void> {
    for (const booked of page) {
      const objectId = booked.intentId ?? booked.paymentId;
      if (this.agreed.has(objectId) || this.differences.has(objectId)) continue;
      const intent = booked.intentId ? await this.gateway.intent(booked.intentId) : null;
      this.note(objectId, compareBooked(booked, takenBy(intent)));
    }
  }

  loose(postings: readonly LoosePosting[]): void {
    for (const { eventId, amount } of postings) {
      const explanation = `The ledger moved ${amount} at the gateway, and no payment is the reason of it.`;
      const none = { intentId: null, paymentId: null, atGateway: null, inPayments: null };
      this.note(eventId, { kind: 'unknown_at_gateway', objectId: eventId, ...none, inLedger: amount, explanation });
    }
  }

  async again(intentId: string): Promise<void> {
    if (this.agreed.has(intentId) || this.differences.has(intentId)) return;
    const intent = await this.gateway.intent(intentId);
    const amount = takenBy(intent);
    if (!intent || !amount) return;
    await this.movements([{ kind: 'charge', objectId: intentId, intentId, paymentId: intent.paymentId, amount }]);
  }

  private note(objectId: string, difference: Difference | null): void {
    if (difference) this.differences.set(objectId, difference);
    else this.agreed.add(objectId);
  }
}

function takenBy(intent: Intent | null): Money | null {
  return intent?.state.status === 'succeeded' ? intent.state.amount : null;
}
