import { JobRunner } from '#event-sourcing/job-runner.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

/** What the gateway's own books say of an invoice, whatever the platform believes. */
export interface Taken {
  readonly intents: number;
  readonly captured: number;
  readonly amount: number;
}

export interface ShownPayment {
  readonly id: string;
  readonly status: string;
  readonly attempt: number;
  readonly failure: { readonly code: string; readonly message: string } | null;
}

/** The platform with a plan of 29.00 USD, and hands on the gateway's failures. */
export class PaymentStage {
  private constructor(
    readonly platform: TestPlatform,
    readonly story: Story,
  ) {}

  static async open(): Promise<PaymentStage> {
    const platform = await startPlatform();
    const story = new Story(platform);
    await story.plan();
    return new PaymentStage(platform, story);
  }

  close(): Promise<void> {
    return this.platform.stop();
  }

  /** A new account with an issued invoice; nothing has been asked of the gateway for it. */
  async invoice(token = 'pm_card_visa', account: object = {}): Promise<{ invoiceId: string; accountId: string }> {
    const { id: accountId } = await this.story.account({ paymentMethod: { token }, ...account });
    const { latestInvoiceId: invoiceId } = await this.story.subscription(accountId);
    return { invoiceId, accountId };
  }

  /** Runs the jobs that there are, also those that pause after a failure or whose holder is gone. Once each. */
  async work(): Promise<void> {
    await this.makeDue();
    await this.platform.app.get(JobRunner, { strict: false }).runDue(16);
  }

  async makeDue(): Promise<void> {
    await this.platform.database.query(`update es.job set run_at = now(), lease_until = least(lease_until, now() - interval '1 second')
        where kind not in ('payments.sweep', 'payments.reconcile')`);
  }

  async payments(invoiceId: string): Promise<ShownPayment[]> {
    const { body } = await this.platform.get(`/v1/payments?invoiceId=${invoiceId}`).expect(200);
    return [...body.data].reverse();
  }

  async invoiceStatus(invoiceId: string): Promise<string> {
    return (await this.platform.get(`/v1/invoices/${invoiceId}`).expect(200)).body.status;
  }

  async jobs(kind = 'payments.collect'): Promise<number> {
    return (await this.platform.database.query('select id from es.job where kind = $1', [kind])).length;
  }

  async events(type: string, invoiceId: string): Promise<number> {
    const rows = await this.platform.database.query(`select pos from es.event where event_type = $1 and payload ->> 'invoiceId' = $2`, [
      type,
      invoiceId,
    ]);
    return rows.length;
  }

  async fault(rule: object): Promise<void> {
    await this.control('POST', '/faults', rule);
  }

  async webhookFault(rule: object): Promise<void> {
    await this.control('POST', '/webhooks/faults', rule);
  }

  /** The time by which the gateway forgets keys; null is the time of day. */
  async gatewayTime(now: string | null): Promise<void> {
    await this.control('PUT', '/clock', { now });
  }

  async calm(): Promise<void> {
    await this.control('DELETE', '/faults');
    await this.control('DELETE', '/webhooks/faults');
  }

  async taken(invoiceId: string): Promise<Taken> {
    const answer = await fetch(`${this.platform.simulator.url}/_simulator/state?metadata[invoiceId]=${invoiceId}`);
    const { payment_intents: intents } = (await answer.json()) as {
      payment_intents: { capturedCharges: number; amountCaptured: number }[];
    };
    const sum = (of: (intent: (typeof intents)[number]) => number) => intents.reduce((total, intent) => total + of(intent), 0);
    return {
      intents: intents.length,
      captured: sum(({ capturedCharges }) => capturedCharges),
      amount: sum(({ amountCaptured }) => amountCaptured),
    };
  }

  private async control(method: string, path: string, body?: object): Promise<void> {
    const answer = await fetch(`${this.platform.simulator.url}/_simulator${path}`, { method, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
  }
}
