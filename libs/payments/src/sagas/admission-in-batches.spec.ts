import fc from 'fast-check';
import { Command } from '#event-sourcing/command.js';
import type { Result } from '#event-sourcing/command-executor.js';
import { type Decider, on } from '#event-sourcing/decider.js';
import { Engine } from '#event-sourcing/testing/engine.js';
import type { ContextDefinition } from '#event-sourcing/vocabulary.js';
import { CollectionDecided } from '#invoicing/contract.js';
import { type AccountId, bucketOf, derivedId, type InvoiceId, newId } from '#kernel/ids.js';
import { type Instant, instant, plusMs } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import { createTestDatabase, type TestDatabase } from '../../../../test/support/test-database.js';
import { ReleaseAccount } from '../account-hold/release-account.js';
import { anAmount } from '../payment/payment.examples.js';
import { MOST_INVOICES_A_DAY } from '../payment/payment.policies.js';
import { paymentsContext } from '../payments.context.js';

/** Issues an invoice, and nothing else: where it comes from is of no matter here. */
class Issue extends Command('Issue')<{ readonly invoiceId: InvoiceId; readonly accountId: AccountId; readonly issuedAt: Instant }> {}

const zero = Money.zero('USD');
const decided = ({ invoiceId, accountId, issuedAt }: Issue['data']) =>
  new CollectionDecided({ invoiceId, accountId, creditApplied: zero, amountDue: anAmount, issuedAt, dueAt: issuedAt });

const InvoiceDecider: Decider<null, CollectionDecided> = {
  category: 'invoice',
  events: [CollectionDecided],
  accountOf: ({ accountId }) => accountId,
  initialState: null,
  evolve: () => null,
  decisions: [on(Issue, { stream: ({ invoiceId }) => invoiceId, decide: (data) => [decided(data)] })],
};
const invoices: ContextDefinition = { name: 'invoices', deciders: [InvoiceDecider], reactions: {}, readModels: [], postings: [] };

const noon = instant('2026-01-31T12:00:00Z');
const meta = { actor: 'spec', correlationId: 'spec' };

describe('the invoices of one account within a day, in batches of any size', () => {
  let testDatabase: TestDatabase;
  let engine: Engine;
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    engine = await Engine.start({ url: testDatabase.url, contexts: [invoices, paymentsContext], connections: 3 });
  });
  afterAll(async () => {
    await engine.close();
    await testDatabase.drop();
  });

  /** An account that can pay. */
  async function payer(): Promise<AccountId> {
    const accountId: AccountId = newId();
    const methodId = derivedId(accountId, 'a card');
    await engine.rows('insert into payments.payer (bucket, id, default_method_id) values ($1, $2, $3)', [
      bucketOf(accountId),
      accountId,
      methodId,
    ]);
    await engine.rows(
      `insert into payments.payment_method (bucket, id, account_id, gateway, customer_id, method_id, added_in, is_attached)
       values ($1, $2, $3, 'stripe', 'cus_1', 'pm_1', 1, true)`,
      [bucketOf(accountId), methodId, accountId],
    );
    return accountId;
  }

  async function issue(accountId: AccountId, times: readonly Instant[], batch: number): Promise<void> {
    const issues = times.map((issuedAt) => new Issue({ invoiceId: derivedId(accountId, `invoice/${newId()}`), accountId, issuedAt }, meta));
    for (let from = 0; from < issues.length; from += batch) {
      await engine.executor.inTransaction(bucketOf(accountId), async (transaction): Promise<Result[]> => {
        const results = await engine.executor.executeIn(transaction, issues.slice(from, from + batch));
        for (const result of results) if ('error' in result) throw result.error;
        return results;
      });
    }
  }

  const countOf = async (text: string, accountId: AccountId): Promise<number> =>
    (await engine.rows<{ count: number }>(`select count(*)::integer as count from ${text}`, [accountId]))[0]!.count;
  const requested = (accountId: AccountId) => countOf('payments.payment_details where account_id = $1', accountId);
  const parked = (accountId: AccountId) => countOf('payments.payer where id = $1 and is_parked', accountId);
  const counted = (accountId: AccountId) =>
    countOf(`es.event where event_type = 'InvoiceAdmitted' and payload ->> 'accountId' = $1::uuid::text`, accountId);
  const atNoon = (count: number) => Array.from({ length: count }, () => noon);

  it.each([120, 500, 40, 7, 1])('are requested up to the hundredth, and then the account is parked: by %d at once', async (batch) => {
    const accountId = await payer();
    await issue(accountId, atNoon(MOST_INVOICES_A_DAY), batch);
    expect([await requested(accountId), await parked(accountId)]).toEqual([100, 0]);
    await issue(accountId, atNoon(20), batch);
    expect([await requested(accountId), await parked(accountId)]).toEqual([100, 1]);
  });

  it('are parked within the batch that has them all', async () => {
    const accountId = await payer();
    await issue(accountId, atNoon(120), 120);
    expect([await requested(accountId), await parked(accountId), await counted(accountId)]).toEqual([100, 1, 50]);
  });

  it('cost nothing of this while they are few: nobody counts the first fifty', async () => {
    const accountId = await payer();
    await issue(accountId, atNoon(50), 13);
    expect([await requested(accountId), await counted(accountId)]).toEqual([50, 0]);
    expect(await countOf(`es.event where event_type = 'PaymentWithheld' and payload ->> 'accountId' = $1::uuid::text`, accountId)).toBe(0);
  });

  it('begin anew with a release', async () => {
    const accountId = await payer();
    await issue(accountId, atNoon(101), 101);
    engine.clock.set('2026-01-31T12:00:01Z');
    await engine.executor.execute(new ReleaseAccount({ accountId, reason: 'A hundred branches.' }, meta));
    await issue(
      accountId,
      Array.from({ length: 100 }, () => plusMs(noon, 2_000)),
      30,
    );
    expect([await requested(accountId), await parked(accountId)]).toEqual([200, 0]);
    await issue(accountId, [plusMs(noon, 2_000)], 1);
    expect([await requested(accountId), await parked(accountId)]).toEqual([200, 1]);
  });

  it('are never more than a hundred in any 24 hours, and not parked before, whenever they come', async () => {
    const hours = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 60, maxLength: 220 }).map((all) => all.sort((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(hours, fc.integer({ min: 1, max: 120 }), async (spread, batch) => {
        const accountId = await payer();
        const times = spread.map((hour) => plusMs(noon, hour * 3_600_000));
        await issue(accountId, times, batch);
        const tooMany = spread.findIndex((hour, index) => index - spread.findIndex((other) => other > hour - 24) >= MOST_INVOICES_A_DAY);
        expect(await requested(accountId)).toBe(tooMany < 0 ? spread.length : tooMany);
        expect(await parked(accountId)).toBe(tooMany < 0 ? 0 : 1);
      }),
      { numRuns: 12 },
    );
  });
});
