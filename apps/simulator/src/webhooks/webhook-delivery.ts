import type { RecordedEvent } from '../state/event-log.js';
import type { DeliveryRecords } from './delivery-records.js';
import type { WebhookFaults } from './webhook-faults.js';
import { WebhookPost, type WebhookTarget } from './webhook-post.js';

interface Delivery {
  event: RecordedEvent;
  attempt: number;
}

export interface DeliveryCounts {
  delivered: number;
  failedAttempts: number;
  givenUp: number;
  dropped: number;
}

/** Waits before the second, third … attempt. Stripe's are longer; its schedule runs over three days. */
const retryDelaysMs = [250, 1_000, 5_000, 15_000, 60_000];
const atOnce = 32;

/** Sends events to the webhook after they were committed, apart from the request that caused them. Nothing here keeps the process alive. */
export class WebhookDelivery {
  readonly counts: DeliveryCounts = { delivered: 0, failedAttempts: 0, givenUp: 0, dropped: 0 };
  private readonly post = new WebhookPost();
  private readonly waiting: Delivery[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();
  /** Each with the timer that lets it go when nothing happens after it. */
  private heldBack = new Map<Delivery, NodeJS.Timeout>();
  private underWay = 0;
  private stopped = false;
  private whenIdle: (() => void)[] = [];

  constructor(
    private readonly records: DeliveryRecords,
    private readonly faults: WebhookFaults,
    private target: WebhookTarget | null,
  ) {}

  setTarget(target: WebhookTarget | null): void {
    this.target = target;
  }

  /** Takes up what an earlier run left undelivered. */
  resume(): void {
    if (this.target !== null) this.enqueue(this.records.undelivered());
  }

  enqueue(events: RecordedEvent[]): void {
    for (const event of events) this.plan({ event, attempt: 0 });
    this.pump();
  }

  /** Resolves once nothing is waiting, held back or under way. */
  idle(): Promise<void> {
    return this.isIdle() ? Promise.resolve() : new Promise((resolve) => this.whenIdle.push(resolve));
  }

  /** Forgets what is waiting. */
  clear(): void {
    this.waiting.length = 0;
    this.heldBack.clear();
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.records.forgetAll();
    this.tellIdle();
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.waiting.length = 0;
    this.heldBack.clear();
    this.post.stop();
    this.records.flush();
    this.tellIdle();
  }

  private plan(delivery: Delivery): void {
    const fault = this.faults.choose(delivery.event.type);
    switch (fault?.kind) {
      case 'drop':
        this.counts.dropped += 1;
        this.records.finish(delivery.event.id);
        return;
      case 'duplicate':
        this.waiting.push(delivery);
        this.later(fault.rule.ms, { ...delivery });
        return;
      case 'late':
        this.later(fault.rule.ms, delivery);
        return;
      case 'out_of_order':
        this.heldBack.set(
          delivery,
          this.after(fault.rule.ms, () => this.letGo(delivery)),
        );
        return;
      default:
        this.waiting.push(delivery);
    }
  }

  private later(ms: number, delivery: Delivery): void {
    this.after(ms, () => this.waiting.push(delivery));
  }

  private after(ms: number, work: () => void): NodeJS.Timeout {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      work();
      this.pump();
      this.tellIdle();
    }, ms).unref();
    this.timers.add(timer);
    return timer;
  }

  private letGo(delivery: Delivery): void {
    const timer = this.heldBack.get(delivery);
    if (timer === undefined) return;
    clearTimeout(timer);
    this.timers.delete(timer);
    this.heldBack.delete(delivery);
    this.waiting.push(delivery);
  }

  private pump(): void {
    while (!this.stopped && this.underWay < atOnce) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      void this.deliver(next);
    }
  }

  private async deliver(delivery: Delivery): Promise<void> {
    const { target } = this;
    if (target === null) {
      this.records.finish(delivery.event.id);
      this.tellIdle();
      return;
    }
    this.underWay += 1;
    const status = await this.post.send(target, delivery.event.payload);
    this.underWay -= 1;
    if (this.stopped) return;
    if (status !== null && status >= 200 && status < 300) this.succeeded(delivery);
    else this.failed(delivery);
    this.pump();
    this.tellIdle();
  }

  private succeeded(delivery: Delivery): void {
    this.counts.delivered += 1;
    this.records.finish(delivery.event.id);
    // What was held back comes after something that happened later, and is thereby out of order.
    for (const held of [...this.heldBack.keys()]) this.letGo(held);
  }

  private failed(delivery: Delivery): void {
    this.counts.failedAttempts += 1;
    const wait = retryDelaysMs[delivery.attempt];
    if (wait === undefined) {
      this.counts.givenUp += 1;
      this.records.finish(delivery.event.id);
      return;
    }
    this.later(wait, { ...delivery, attempt: delivery.attempt + 1 });
  }

  private isIdle(): boolean {
    return this.underWay === 0 && this.waiting.length === 0 && this.heldBack.size === 0 && this.timers.size === 0;
  }

  private tellIdle(): void {
    if (!this.stopped && !this.isIdle()) return;
    for (const resolve of this.whenIdle) resolve();
    this.whenIdle = [];
  }
}
