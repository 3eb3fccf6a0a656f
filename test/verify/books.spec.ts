import type { Sql } from '#event-sourcing/sql.js';
import { CollectionDecided, InvoiceIssued } from '#invoicing/contract.js';
import { IssueInvoice } from '#invoicing/invoice/issue-invoice.js';
import { type AccountId, derivedId, type InvoiceId, newId } from '#kernel/ids.js';
import { fromEpochMs, instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import type { PaymentRequested } from '#payments/contract.js';
import { OpenPaymentIntent } from '#payments/payment/open-payment-intent.js';
import { RecordPaymentOutcome } from '#payments/payment/record-payment-outcome.js';
import { requested } from '#payments/payment/request-payment.js';
import { RetryPayment } from '#payments/payment/retry-payment.js';
import { StartSubscription } from '#subscriptions/subscription/start-subscription.js';
import type { Subject } from '../../apps/cli/src/verify/subject.js';
import { startSimulator } from '../../apps/simulator/src/simulator.js';
import { type Expected, expectFoundBy, nothing } from './expectations.js';
import { type Bug, idOf, withBugs } from './plants.js';
import { makePortfolio, type Portfolio } from './portfolio.js';
import { stripeOf } from './verified.js';

let portfolio: Portfolio;
beforeAll(async () => {
  portfolio = await makePortfolio();
});
afterAll(() => portfolio?.platform.stop());

const expectFound = (plant: (sql: Sql) => Promise<unknown>, id: string, expected: Expected, given?: Partial<Subject>): Promise<void> =>
  expectFoundBy(id, portfolio, plant, expected, given);

const paidInvoice = (sql: Sql) =>
  idOf<'invoice'>(sql, `select id from invoicing.invoice_details where status = 'paid' order by number limit 1`);
const proPlan = (sql: Sql) => idOf<'plan'>(sql, `select id from catalog.plan_details where code = 'pro'`);

const startAnother = async (sql: Sql): Promise<StartSubscription> => {
  const accountId = portfolio.monthly.account as AccountId;
  const subscriptionId = derivedId<'subscription'>(accountId, 'another');
  const planId = await proPlan(sql);
  return new StartSubscription({
    subscriptionId,
    accountId,
    planId,
    quantity: 1,
    trialDays: null,
    startAt: null,
    anchorDay: null,
    metadata: {},
  });
};
const plant = (sql: Sql, bugs: Readonly<Record<string, Bug>>, ...commands: Parameters<typeof withBugs>[3][]) =>
  withBugs(sql, portfolio.platform.database, bugs, ...commands);

describe('I1', () => {
  it('finds an amount that was changed in the ledger', async () => {
    await expectFound(
      (sql) =>
        sql.query(
          `update ledger.posting set amount = amount + 1 where (bucket, event_id, index) = (select bucket, event_id, index from ledger.posting limit 1)`,
        ),
      'I1',
      { says: /^The ledger holds #0 .* and the event says #0 / },
    );
  });

  it('finds a posting that is missing, by the account that no longer agrees', async () => {
    const accountId = portfolio.monthly.account;
    await expectFound(
      (sql) =>
        sql.query(
          `delete from ledger.posting where (bucket, event_id) = (select bucket, event_id from ledger.posting where debit_account = 'receivable:${accountId}' limit 1)`,
        ),
      'I1',
      { says: /invoices less payments come to 0/, where: { account: `receivable:${accountId}` } },
    );
  });

  it('finds a posting that no event explains', async () => {
    const event = newId(7);
    await expectFound(
      (sql) => sql.query(`insert into ledger.posting values (7, '${event}', 0, 'revenue:x', 'cash:stripe', 5, 'USD', now())`),
      'I1',
      {
        says: /^A posting of 5 USD has no event/,
        where: { bucket: '7', event },
      },
    );
  });
});

describe('I2', () => {
  it('finds a period that was invoiced twice', async () => {
    const { subscription } = portfolio.monthly;
    await expectFound(
      async (sql) => {
        const invoice = await idOf<'invoice'>(
          sql,
          `select id from invoicing.invoice_details where subscription_id = '${subscription}' order by created_at limit 1`,
        );
        const [issued] = await sql.query<{ payload: InvoiceIssued['data'] }>(
          `select payload from es.event where stream_id = '${invoice}' and version = 1`,
        );
        const { accountId, cause, lines } = issued!.payload;
        const charges = lines.map(({ description: name, reversesLineId: reverses, amount, ...line }) => ({
          ...line,
          ...{ name, reverses, amount: Money.fromJSON(amount as never) },
        }));
        await plant(
          sql,
          {},
          new IssueInvoice({ invoiceId: derivedId(accountId, 'again'), accountId, bill: { kind: 'period', cause, charges } }),
        );
      },
      'I2',
      { says: /^A period was invoiced 2 times/, where: { subscription } },
    );
  });

  it('finds a period that was not invoiced, though nothing else knows of it', async () => {
    const { subscription } = portfolio.monthly;
    await expectFound(
      async (sql) => {
        await sql.query(`delete from es.timer where stream_id = '${subscription}'`);
        await sql.query(`update es.timer set due_at = '2027-01-01Z'`);
        await sql.query(
          `update es.test_clock set now = '2026-07-31T20:00:00Z', target = '2026-08-01T00:00:00Z', lease_until = now() + interval '1 hour'`,
        );
      },
      'I2',
      { says: /^A due period was not invoiced/, where: { subscription, period: '2026-07-31T14:30:00.000Z/2026-08-31T14:30:00.000Z' } },
    );
  });
});

describe('I3', () => {
  it('finds an invoice that was paid with more than was due', async () => {
    await expectFound(
      async (sql) => {
        const [payment] = await sql.query<{ payload: PaymentRequested['data'] }>(
          `select r.payload from es.event r join es.event f on f.bucket = r.bucket and f.stream_id = r.stream_id and f.event_type = 'PaymentFailed' where r.event_type = 'PaymentRequested' limit 1`,
        );
        const { invoiceId, accountId, method, requestedAt } = payment!.payload;
        const twice = requested(invoiceId, accountId, 2, Money.of(5800n, 'USD'), method, requestedAt);
        const { paymentId, amount } = twice.data;
        const outcome = { result: 'succeeded', intentId: 'pi_x', chargeId: 'ch_x', amount } as const;
        await plant(
          sql,
          { RetryPayment: () => [twice], RecordInvoicePayment: () => [] },
          new RetryPayment({ invoiceId, accountId, attempt: 2 }),
          new OpenPaymentIntent({ paymentId, intentId: 'pi_x', askedAt: requestedAt }),
          new RecordPaymentOutcome({ paymentId, outcome }),
        );
      },
      'I3',
      { says: /^1 payments of an invoice succeeded, with 5800 USD in all; 2900 was due/ },
    );
  });

  it('finds a payment that nobody has found out about', async () => {
    await expectFound(
      async (sql) => {
        const another = await startAnother(sql);
        await plant(sql, {}, another);
        const paymentId = await idOf<'payment'>(
          sql,
          `select p.id from payments.payment_details p join invoicing.invoice_details i on i.id = p.invoice_id where i.subscription_id = '${another.data.subscriptionId}'`,
        );
        const askedAt = instant('2020-01-01T00:00:00Z');
        await plant(sql, {}, new RecordPaymentOutcome({ paymentId, outcome: { result: 'unknown', reason: 'no answer', askedAt } }));
      },
      'I3',
      { says: /^A payment has been unknown for more than 8 days/ },
    );
  });
});

describe('I8', () => {
  it('finds a counter that is not where its numbers are', async () => {
    await expectFound((sql) => sql.query(`update es.series set last = last + 1 where name like 'TEST-%'`), 'I8', {
      says: /^The counter of the series TEST-[0-9A-F]{12}-2026 stands at/,
    });
  });

  it.each([
    ['that was given twice', -1, /^The number TEST-[0-9A-F]{12}-2026-\d+ is given twice/],
    ['that is missing', 1, /^The numbers (\d+) to \1 of the series TEST-[0-9A-F]{12}-2026 are missing/],
  ])('finds a number %s', async (_, step, says) => {
    const skip = async (sql: Sql): Promise<void> => {
      await sql.query(`update es.series set last = last + ${step} where name like 'TEST-%'`);
      await plant(sql, {}, await startAnother(sql));
    };
    await expectFound(skip, 'I8', { says });
  });
});

describe('I9', () => {
  const more = (amount: Money): Money => amount.plus(Money.of(1n, 'USD'));
  const issuedWrong =
    (wrong: (data: InvoiceIssued['data']) => Partial<InvoiceIssued['data']>): Bug =>
    (decide) =>
      decide().map((event) => (event instanceof InvoiceIssued ? new InvoiceIssued({ ...event.data, ...wrong(event.data) }) : event));

  it.each([
    [
      'lines that do not make the subtotal',
      issuedWrong(({ subtotal }) => ({ subtotal: more(subtotal), discount: Money.of(1n, 'USD') })),
      /^The lines come to 2900, and the subtotal is 2901/,
    ],
    [
      'a total that does not follow',
      issuedWrong(() => ({ discount: Money.of(1n, 'USD') })),
      /^2900 less 1 plus 0 is not the total of 2900/,
    ],
    ['an amount in another currency', issuedWrong(() => ({ discount: Money.zero('EUR') })), /^An invoice in USD has amounts in EUR/],
    [
      'less collected than is owed',
      (decide) =>
        decide().map((event) =>
          event instanceof CollectionDecided ? new CollectionDecided({ ...event.data, amountDue: Money.of(1n, 'USD') }) : event,
        ),
      /^2900 less 0 of credit is not the 1 that are collected/,
    ],
    [
      'a net that is not the amount',
      issuedWrong(({ lines }) => ({
        lines: lines.map((line) => ({ ...line, discounts: [{ name: 'Friends', amount: Money.of(1n, 'USD') }] })),
      })),
      /^2900 less discounts of 1 is not the net of 2900/,
    ],
    [
      'a line that takes back what was never billed',
      issuedWrong(({ lines: [line, ...lines] }) => {
        const [given, back] = [5n, -5n].map((minor) => ({ amount: Money.of(minor, 'USD'), net: Money.of(minor, 'USD') }));
        const other = (id: string) => ({ ...line!, id: derivedId<'charge'>(line!.id, id), kind: 'oneTime', unitAmount: null }) as const;
        const reversal = { ...other('back'), ...back, reversesLineId: derivedId<'charge'>(line!.id, 'never billed') };
        return { lines: [line!, ...lines, { ...other('given'), ...given }, reversal] };
      }),
      /^The line takes back [-0-9a-f]+, which no invoice has/,
    ],
    [
      'a line that is not its price',
      issuedWrong(({ lines, subtotal, total }) => ({
        lines: lines.map((line) => ({ ...line, amount: more(line.amount), net: more(line.net) })),
        subtotal: more(subtotal),
        total: more(total),
      })),
      /^2900 times 1, for 1 of 1, is 2900, and the line says 2901/,
    ],
  ])('finds %s', async (_, bug, says) => {
    await expectFound(async (sql) => plant(sql, { IssueInvoice: bug }, await startAnother(sql)), 'I9', { says });
  });
});

describe('I12', () => {
  it('finds a payment that was asked for after the invoice was paid', async () => {
    let invoice: InvoiceId | undefined;
    const again = async (sql: Sql): Promise<void> => {
      invoice = await paidInvoice(sql);
      const [first] = await sql.query<{ payload: PaymentRequested['data'] }>(
        `select payload from es.event where event_type = 'PaymentRequested' and payload->>'invoiceId' = '${invoice}'`,
      );
      const { accountId, method, amount, requestedAt } = first!.payload;
      const second = requested(invoice, accountId, 2, Money.fromJSON(amount as never), method, requestedAt);
      await plant(sql, { RetryPayment: () => [second] }, new RetryPayment({ invoiceId: invoice, accountId, attempt: 2 }));
    };
    await expectFound(again, 'I12', { says: /^A payment was asked for at position \d+, after the invoice was settled/ });
    await expectFound(again, 'I12', { says: /^Attempt 2 was made after attempt 1, which had not failed/, where: { invoice } });
  });
});

// The last, since what is done at the gateway cannot be taken back.
describe('I3, at the gateway', () => {
  it('finds payments that the gateway does not know', async () => {
    const empty = await startSimulator({ stateFile: ':memory:', apiKey: 'sk_test_specs' });
    await expectFound(nothing, 'I3', { says: /succeeded here, and the gateway says: no such intent/ }, { stripe: stripeOf(empty) });
    await empty.stop();
  });

  it('finds a second charge, and that nobody here knows of it', async () => {
    const stripe = stripeOf(portfolio.platform.simulator);
    portfolio.platform.simulator.setWebhook(null);
    const { data } = await stripe.paymentIntents.list({ limit: 100 });
    const { customer, payment_method, metadata } = data.find(({ status, amount }) => status === 'succeeded' && amount === 2900)!;
    const { paymentId, invoiceId } = metadata as Record<'paymentId' | 'invoiceId', string>;
    const { id: intent } = await stripe.paymentIntents.create({
      ...{ amount: 2900, currency: 'usd', customer: customer as string, payment_method: payment_method as string },
      ...{
        confirm: true,
        off_session: true,
        automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
        metadata: { paymentId, invoiceId },
      },
    });
    await expectFound(nothing, 'I3', {
      says: /^The gateway charged an invoice 2 times, with 5800 USD in all; 2900 was due/,
      where: { invoice: invoiceId },
    });
    const later = { asOf: fromEpochMs(Date.now() + 59_000 + 120_000) };
    // Seen from minutes ahead, what is planned for the meantime would be late.
    const forgetPlans = async (sql: Sql): Promise<void> => {
      for (const table of ['es.timer', 'es.job']) await sql.query(`delete from ${table}`);
    };
    await expectFound(
      forgetPlans,
      'I3',
      { says: /^The gateway charged 2900 USD, and our payment is succeeded with the intent/, where: { intent, payment: paymentId } },
      later,
    );
  });
});
