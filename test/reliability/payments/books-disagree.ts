import type { TimeRange } from '#payments/gateways/payment-gateway.js';
import { ReconcileGateway } from '#payments/jobs/reconcile-gateway.job.js';
import type { TestPlatform } from '../../support/platform.js';

interface IntentAtGateway {
  readonly id: string;
  readonly amount: number;
  readonly amountCaptured: number;
  readonly capturedCharges: number;
  readonly metadata: Readonly<Record<string, string>>;
}

interface OurPayment {
  id: string;
  invoice_id: string;
  status: string;
  amount: string;
  intent_id: string | null;
  due: string;
  invoice_status: string;
  paid: string;
}

/** All that is wrong once everything is quiet, by the gateway's own books first of all. */
export async function booksDisagree(platform: TestPlatform, range: TimeRange): Promise<string[]> {
  const answer = await fetch(`${platform.simulator.url}/_simulator/state`);
  const { payment_intents: intents } = (await answer.json()) as { payment_intents: IntentAtGateway[] };
  const payments = await platform.database.query<OurPayment>(
    `select p.id, p.invoice_id, p.status, p.amount, p.intent_id, i.total_amount - i.credit_applied_amount as due, i.status as invoice_status, i.paid_amount as paid
       from payments.payment_details p join invoicing.invoice_details i on i.bucket = p.bucket and i.id = p.invoice_id`,
  );
  return [
    ...chargedTooMuch(intents, payments),
    ...notOneToOne(intents, payments),
    ...payments
      .filter(({ status }) => status !== 'succeeded' && status !== 'failed')
      .map(({ id, status }) => `The payment ${id} is still ${status}.`),
    ...(await leftBehind(platform)),
    ...(await notReconciled(platform, range)),
  ];
}

function chargedTooMuch(intents: readonly IntentAtGateway[], payments: readonly OurPayment[]): string[] {
  const captured = new Map<string, { amount: number; charges: number }>();
  for (const { metadata, amountCaptured, capturedCharges } of intents) {
    const { amount, charges } = captured.get(metadata.invoiceId!) ?? { amount: 0, charges: 0 };
    captured.set(metadata.invoiceId!, { amount: amount + amountCaptured, charges: charges + capturedCharges });
  }
  const due = new Map(payments.map((payment) => [payment.invoice_id, payment]));
  return [...captured].flatMap(([invoiceId, { amount, charges }]) => {
    const invoice = due.get(invoiceId);
    const wrong: string[] = [];
    if (charges > 1) wrong.push(`The invoice ${invoiceId} was charged ${charges} times.`);
    if (amount > Number(invoice?.due ?? 0))
      wrong.push(`The invoice ${invoiceId} was charged with ${amount} instead of ${invoice?.due ?? 'nothing'}.`);
    const isPaid = invoice?.invoice_status === 'paid' && Number(invoice.paid) === amount;
    if (amount > 0 && !isPaid) wrong.push(`The invoice ${invoiceId} was charged with ${amount} and is ${invoice?.invoice_status}.`);
    return wrong;
  });
}

function notOneToOne(intents: readonly IntentAtGateway[], payments: readonly OurPayment[]): string[] {
  const ours = new Map(payments.flatMap((payment) => (payment.intent_id ? [[payment.intent_id, payment] as const] : [])));
  const theirs = new Map(intents.map((intent) => [intent.id, intent]));
  const unknown = intents.filter(({ id }) => !ours.has(id)).map(({ id }) => `The gateway has the intent ${id}, which no payment knows.`);
  const different = payments.flatMap(({ id, status, intent_id: intentId, amount }) => {
    const intent = intentId ? theirs.get(intentId) : undefined;
    if (intentId && !intent) return [`The payment ${id} has the intent ${intentId}, which the gateway does not know.`];
    const taken = intent?.amountCaptured ?? 0;
    if (status === 'succeeded' && taken !== Number(amount))
      return [`The payment ${id} of ${amount} succeeded, and the gateway took ${taken}.`];
    return status === 'failed' && taken !== 0 ? [`The payment ${id} failed, and the gateway took ${taken}.`] : [];
  });
  return [...unknown, ...different];
}

async function leftBehind({ database }: TestPlatform): Promise<string[]> {
  const jobs = await database.query<{ kind: string; last_error: string | null }>(
    `select kind, last_error from es.job where kind in ('payments.collect', 'payments.gateway-event', 'payments.hold-timers')`,
  );
  const strays = await database.query<{ object_id: string }>('select object_id from payments.stray_charge');
  const twice = await database.query<{ id: string }>(
    `select payload ->> 'paymentId' as id from es.event where event_type in ('PaymentSucceeded', 'PaymentFailed') group by 1 having count(*) > 1`,
  );
  return [
    ...jobs.map(({ kind, last_error }) => `A job ${kind} is left: ${last_error ?? 'never run'}`),
    ...strays.map(({ object_id }) => `The charge ${object_id} is a stray one.`),
    ...twice.map(({ id }) => `The payment ${id} has ended twice.`),
  ];
}

async function notReconciled({ app }: TestPlatform, range: TimeRange): Promise<string[]> {
  const { differences } = await app.get(ReconcileGateway, { strict: false }).reconcile('stripe', range);
  return differences.map(({ kind, objectId, explanation }) => `${objectId}: ${kind}. ${explanation}`);
}
