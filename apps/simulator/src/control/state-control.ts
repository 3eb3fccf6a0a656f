import type Stripe from 'stripe';
import { z } from 'zod';
import type { ControlApi } from './control-api.js';
import { bodyOf } from './control-request.js';
import type { Controlled } from './controlled.js';

/** A payment as a suite wants to check it: what really moved, whatever the platform believes. */
interface IntentSummary {
  id: string;
  status: string;
  currency: string;
  amount: number;
  amountCaptured: number;
  amountRefunded: number;
  /** More than one would be a double charge. */
  capturedCharges: number;
  failedCharges: number;
  customer: string | null;
  created: number;
  metadata: Record<string, string>;
}

const time = z.strictObject({ now: z.iso.datetime().nullable() });

export function controlState(control: ControlApi, controlled: Controlled): void {
  const { account, faults, webhooks, stripe, erase } = controlled;

  /** `?metadata[payment_id]=…` keeps those that carry all given entries. */
  control.on('GET', '/state', ({ query }) => {
    const wanted = [...query].flatMap(([name, value]) => {
      const [, key] = /^metadata\[(.+)\]$/.exec(name) ?? [];
      return key === undefined ? [] : [{ key, value }];
    });
    const [first] = wanted;
    const intents =
      first === undefined
        ? [...account.paymentIntents.all()]
        : account.metadata.find('payment_intents', first.key, first.value).flatMap((id) => account.paymentIntents.find(id) ?? []);
    const matching = intents.filter((intent) => wanted.every(({ key, value }) => intent.metadata[key] === value));
    const charges = chargesByIntent(first === undefined ? account.charges.all() : chargesOf(matching));
    return { payment_intents: matching.map((intent) => summaryOf(intent, charges.get(intent.id) ?? [])) };
  });

  /** Sums by currency over all charges and refunds. */
  control.on('GET', '/totals', () => {
    const totals: Record<string, { captured: number; refunded: number; fees: number; charges: number; refunds: number }> = {};
    for (const transaction of account.balanceTransactions.all()) {
      const sums = totals[transaction.currency] ?? { captured: 0, refunded: 0, fees: 0, charges: 0, refunds: 0 };
      totals[transaction.currency] = sums;
      sums.fees += transaction.fee;
      if (transaction.type === 'charge') {
        sums.captured += transaction.amount;
        sums.charges += 1;
      } else {
        sums.refunded -= transaction.amount;
        sums.refunds += transaction.type === 'refund' ? 1 : -1;
      }
    }
    return totals;
  });

  control.on('GET', '/stats', () => ({
    customers: account.customers.count(),
    payment_methods: account.paymentMethods.count(),
    payment_intents: account.paymentIntents.count(),
    charges: account.charges.count(),
    refunds: account.refunds.count(),
    events: account.events.collection.count(),
    requestFaults: faults.requests.struckByKind(),
    webhookFaults: faults.webhooks.struckByKind(),
    webhooks: webhooks.counts,
  }));

  control.on('PUT', '/clock', (request) => {
    const { now } = bodyOf(request, time);
    account.clock.set(now === null ? null : Date.parse(now));
    return { now: new Date(account.clock.nowMs()).toISOString() };
  });
  control.on('GET', '/clock', () => ({ now: new Date(account.clock.nowMs()).toISOString() }));

  control.on('POST', '/reset', () => {
    faults.requests.clear();
    faults.webhooks.clear();
    webhooks.clear();
    stripe.change(erase);
    account.clock.set(null);
  });

  function chargesOf(intents: Stripe.PaymentIntent[]): Stripe.Charge[] {
    return intents.flatMap((intent) => account.charges.list({ parent: intent.id }, { limit: 1000 }).data);
  }
}

function chargesByIntent(charges: Iterable<Stripe.Charge>): Map<string, Stripe.Charge[]> {
  const byIntent = new Map<string, Stripe.Charge[]>();
  for (const charge of charges) {
    const id = String(charge.payment_intent);
    const known = byIntent.get(id);
    if (known === undefined) byIntent.set(id, [charge]);
    else known.push(charge);
  }
  return byIntent;
}

function capturedOf(charges: Stripe.Charge[]): Stripe.Charge[] {
  return charges.filter((charge) => charge.captured && charge.status === 'succeeded');
}

function summaryOf(intent: Stripe.PaymentIntent, charges: Stripe.Charge[]): IntentSummary {
  const captured = capturedOf(charges);
  const sum = (amounts: number[]) => amounts.reduce((total, amount) => total + amount, 0);
  return {
    id: intent.id,
    status: intent.status,
    currency: intent.currency,
    amount: intent.amount,
    amountCaptured: sum(captured.map((charge) => charge.amount_captured)),
    amountRefunded: sum(captured.map((charge) => charge.amount_refunded - (charge.amount - charge.amount_captured))),
    capturedCharges: captured.length,
    failedCharges: charges.filter((charge) => charge.status === 'failed').length,
    customer: typeof intent.customer === 'string' ? intent.customer : null,
    created: intent.created,
    metadata: intent.metadata,
  };
}
