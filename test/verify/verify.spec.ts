import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSimulator } from '../../apps/simulator/src/simulator.js';
import type { Sql } from '#event-sourcing/sql.js';
import { Vocabulary } from '#event-sourcing/vocabulary.js';
import { InvoiceIssued } from '#invoicing/contract.js';
import { IssueInvoice } from '#invoicing/invoice/issue-invoice.js';
import { derivedId, newId, type AccountId, type InvoiceId, type PlanId, type SubscriptionId } from '#kernel/ids.js';
import { Money } from '#kernel/money.js';
import { PaymentOutcomeUnknown } from '#payments/contract.js';
import { RecordPaymentOutcome } from '#payments/payment/record-payment-outcome.js';
import { requested } from '#payments/payment/request-payment.js';
import { RetryPayment } from '#payments/payment/retry-payment.js';
import { CancelSubscription } from '#subscriptions/subscription/cancel-subscription.js';
import { StartSubscription } from '#subscriptions/subscription/start-subscription.js';
import type { Subject } from '../../apps/cli/src/verify/subject.js';
import { wholeVocabulary } from '../../apps/cli/src/vocabulary.js';
import { temporaryFolder } from '../support/run-folder.js';
import { Story } from '../support/story.js';
import { type Bug, idOf, tamper, withBugs } from './plants.js';
import { makePortfolio, type Portfolio } from './portfolio.js';
import { stripeOf, verified } from './verified.js';

let portfolio: Portfolio;
let folder: string;
beforeAll(async () => {
  folder = temporaryFolder('verify');
  portfolio = await makePortfolio();
});
afterAll(() => portfolio?.platform.stop());

/** What every plant must come to: these checks say so, at this place, and no other check has anything to say. */
async function expectFound(
  plant: (sql: Sql) => Promise<unknown>,
  id: string,
  found: { says: RegExp; where?: Readonly<Record<string, unknown>> },
  given: Partial<Subject> = {},
): Promise<void> {
  const results = await verified(portfolio, plant, given);
  expect(results.filter(({ verdict }) => verdict === 'violated' || verdict === 'broken').map((result) => [result.id, result.error])).toEqual([[id, null]]);
  const { shown } = results.find((result) => result.id === id)!;
  expect(shown).toContainEqual({
    finding: 'violation',
    says: expect.stringMatching(found.says),
    where: expect.objectContaining(found.where ?? {}),
  });
}

const nothing = async (): Promise<void> => {};
const file = (name: string, lines: readonly object[]): string => {
  const path = join(folder, name);
  writeFileSync(path, '');
  for (const line of lines) appendFileSync(path, `${JSON.stringify(line)}\n`);
  return path;
};
const paidInvoice = (sql: Sql) => idOf<'invoice'>(sql, `select id from invoicing.invoice_details where status = 'paid' order by number limit 1`);
const openInvoice = (sql: Sql) => idOf<'invoice'>(sql, `select id from invoicing.invoice_details where status = 'open' order by number limit 1`);
const proPlan = (sql: Sql) => idOf<'plan'>(sql, `select id from catalog.plan_details where code = 'pro'`);

const startAnother = async (sql: Sql): Promise<StartSubscription> => {
  const accountId = portfolio.monthly.account as AccountId;
  const subscriptionId = derivedId<'subscription'>(accountId, 'another');
  const planId: PlanId = await proPlan(sql);
  return new StartSubscription({ subscriptionId, accountId, planId, quantity: 1, trialDays: null, startAt: null, anchorDay: null, metadata: {} });
};
const plant = (sql: Sql, bugs: Readonly<Record<string, Bug>>, ...commands: Parameters<typeof withBugs>[3][]) =>
  withBugs(sql, portfolio.platform.database, bugs, ...commands);

it('finds nothing wrong with what the system made, having looked at everything that it can', async () => {
  const results = await verified(portfolio, nothing, {
    canaries: ['sk_test_specs', 'whsec_0123456789abcdef', '4242424242424242'],
    logs: [file('clean.log', [{ level: 'info' }])],
    journal: file('clean.jsonl', []),
    requestLog: file('clean-requests.jsonl', [{ method: 'GET', path: '/v1/plans', status: 200, headers: {} }]),
  });
  expect(Object.fromEntries(results.map(({ id, verdict, shown, error }) => [id, shown[0]?.says ?? error ?? verdict]))).toEqual({
    ...{ I1: 'passed', I2: 'passed', I3: 'passed', I4: 'passed', I5: 'passed', I6: 'passed', I7: 'passed', I8: 'passed' },
    ...{ I9: 'in part', I10: 'not checked', I11: 'passed', I12: 'in part', I13: 'in part', I14: 'passed', I15: 'not checked' },
  });
  const counts = Object.fromEntries(results.flatMap(({ id, examined }) => examined.map(({ count, what }) => [`${id} ${what}`, count])));
  expect(counts['I2 due periods']).toBe(counts['I8 numbers']);
  expect(counts['I3 intents']).toBe(counts['I3 payments']);
});

it('knows every context that the processes are made of', () => {
  const running = portfolio.platform.app.get(Vocabulary, { strict: false });
  const names = (vocabulary: Vocabulary) => vocabulary.declared().map(({ name }) => name).sort();
  expect(names(wholeVocabulary())).toEqual(names(running));
});

it('never says of anything that it passed when it could not be looked at', async () => {
  const results = await verified(portfolio, nothing, { stripe: null });
  const passed = results.filter(({ verdict }) => verdict === 'passed').map(({ id }) => id);
  expect(passed).toEqual(['I1', 'I2', 'I4', 'I5', 'I8', 'I11']);
  for (const { notChecked } of results.filter(({ verdict }) => verdict === 'not checked')) expect(notChecked).not.toEqual([]);
});

describe('I1', () => {
  it('finds an amount that was changed in the ledger', async () => {
    await expectFound(
      (sql) => sql.query(`update ledger.posting set amount = amount + 1 where (bucket, event_id, index) = (select bucket, event_id, index from ledger.posting limit 1)`),
      'I1',
      { says: /^The ledger holds #0 .* and the event says #0 / },
    );
  });

  it('finds a posting that is missing, by the account that no longer agrees', async () => {
    const accountId = portfolio.monthly.account;
    await expectFound(
      (sql) => sql.query(`delete from ledger.posting where (bucket, event_id) = (select bucket, event_id from ledger.posting where debit_account = 'receivable:${accountId}' limit 1)`),
      'I1',
      { says: /invoices less payments come to 0/, where: { account: `receivable:${accountId}` } },
    );
  });

  it('finds a posting that no event explains', async () => {
    const event = newId(7);
    await expectFound((sql) => sql.query(`insert into ledger.posting values (7, '${event}', 0, 'revenue:x', 'cash:stripe', 5, 'USD', now())`), 'I1', {
      says: /^A posting of 5 USD has no event/,
      where: { bucket: '7', event },
    });
  });
});

describe('I2', () => {
  it('finds a period that was invoiced twice', async () => {
    const { subscription } = portfolio.monthly;
    await expectFound(
      async (sql) => {
        const invoice = await idOf<'invoice'>(sql, `select id from invoicing.invoice_details where subscription_id = '${subscription}' order by issued_at limit 1`);
        const [issued] = await sql.query<{ payload: InvoiceIssued['data'] }>(`select payload from es.event where stream_id = '${invoice}' and version = 1`);
        const { accountId, subscriptionId, currency, lines } = issued!.payload;
        const charges = lines.map((line) => ({ ...line, amount: Money.fromJSON(line.amount as never), taxCode: null, taxBehavior: 'exclusive' as const }));
        const { planId, planVersion } = lines[0]!;
        await plant(sql, {}, new IssueInvoice({ invoiceId: derivedId<'invoice'>(accountId, 'again'), accountId, subscriptionId, planId, planVersion, currency, charges }));
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
        const [clock] = await sql.query<{ id: string }>(`select id from es.test_clock`);
        await tamper(sql, `update es.event set payload = payload where false`);
        await sql.query(`update es.timer set due_at = '2027-01-01Z'`);
        await sql.query(`update es.test_clock set now = '2026-07-31T20:00:00Z', target = '2026-08-01T00:00:00Z', lease_until = now() + interval '1 hour' where id = '${clock!.id}'`);
      },
      'I2',
      { says: /^A due period was not invoiced/, where: { subscription, period: '2026-07-31T14:30:00.000Z/2026-08-31T14:30:00.000Z' } },
    );
  });
});

describe('I3', () => {
  it('finds a charge at the gateway that nobody here knows of', async () => {
    const stripe = stripeOf(portfolio.platform.simulator);
    const invoiceId = await paidInvoice(portfolio.platform.database as unknown as Sql);
    const [known] = (await stripe.paymentIntents.list({ limit: 100 })).data.filter(({ metadata }) => metadata.invoiceId === invoiceId);
    portfolio.platform.simulator.setWebhook(null);
    const intent = await stripe.paymentIntents.create({
      ...{ amount: 2900, currency: 'usd', customer: known!.customer as string, payment_method: known!.payment_method as string },
      ...{ confirm: true, off_session: true, metadata: { paymentId: known!.metadata.paymentId!, invoiceId } },
    });
    const inAnHour = { asOf: new Date(Date.now() + 3_600_000).toISOString() as Subject['asOf'] };
    const results = await verified(portfolio, nothing, inAnHour);
    const { shown, verdict } = results.find(({ id }) => id === 'I3')!;
    expect(verdict).toBe('violated');
    expect(shown).toContainEqual(expect.objectContaining({ says: expect.stringMatching(/^The gateway charged an invoice 2 times/), where: expect.objectContaining({ invoice: invoiceId }) }));
    expect(shown).toContainEqual(expect.objectContaining({ says: expect.stringMatching(/our payment is succeeded with the intent/), where: expect.objectContaining({ intent: intent.id }) }));
    await stripe.refunds.create({ payment_intent: intent.id });
  });
});
