import type { Sql } from '#event-sourcing/sql.js';
import type { InvoiceIssued } from '#invoicing/contract.js';
import { IssueInvoice } from '#invoicing/invoice/issue-invoice.js';
import { type AccountId, type ChargeId, derivedId, type SubscriptionId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import type { Period } from '#kernel/period.js';
import type { Charge } from '#pricing/charge.js';
import { UsageSettled } from '#subscriptions/contract.js';
import { SettleLateUsage } from '#subscriptions/subscription/settle-late-usage.js';
import { isFailure } from '../../apps/cli/src/verify/verify.js';
import { type Expected, expectFoundBy } from './expectations.js';
import { type Bug, withBugs } from './plants.js';
import { makePortfolio, type Portfolio } from './portfolio.js';
import { verified } from './verified.js';

let portfolio: Portfolio;
beforeAll(async () => {
  portfolio = await makePortfolio();
});
afterAll(() => portfolio?.platform.stop());

const expectFound = (plant: (sql: Sql) => Promise<unknown>, id: string, expected: Expected): Promise<void> =>
  expectFoundBy(id, portfolio, plant, expected);
const plant = (sql: Sql, bugs: Readonly<Record<string, Bug>>, ...commands: Parameters<typeof withBugs>[3][]) =>
  withBugs(sql, portfolio.platform.database, bugs, ...commands);

describe('I2', () => {
  const settled =
    (used: UsageSettled['data']['used'], unbilled: readonly Charge[] = []): Bug =>
    () => {
      const { account: accountId, subscription: subscriptionId } = portfolio.metered as {
        account: AccountId;
        subscription: SubscriptionId;
      };
      const period = { start: instant('2026-05-31T14:30:00Z'), end: instant('2026-06-30T14:30:00Z') };
      return [new UsageSettled({ subscriptionId, accountId, number: 5, period, used, bill: null, unbilled })];
    };
  const settle = () => new SettleLateUsage({ subscriptionId: portfolio.metered.subscription as SubscriptionId, number: 5 });
  const [least, one] = [Money.of(500n, 'USD'), Money.of(1n, 'USD')];

  it('looks at a portfolio in which some of it was billed', async () => {
    const { body } = await portfolio.platform.get(`/v1/invoices?subscriptionId=${portfolio.metered.subscription}&limit=100`).expect(200);
    const late = body.data.filter(({ kind }: { kind: string }) => kind === 'lateUsage');
    expect(late).toMatchObject([{ supplements: expect.any(String), total: { amount: expect.any(Number) } }]);
  });

  it('finds usage that was settled for another amount than was billed', async () => {
    const used = [{ priceCode: 'least', meter: 'sum/calls', quantity: '0', amount: one }];
    await expectFound((sql) => plant(sql, { SettleLateUsage: settled(used) }, settle()), 'I2', {
      says: /^0 was used, which comes to 1, and 500 was billed/,
      where: { subscription: portfolio.metered.subscription, price: 'least', period: '2026-05-31T14:30:00.000Z' },
    });
  });

  it('finds usage that was settled without what was counted', async () => {
    const used = [{ priceCode: 'least', meter: 'sum/calls', quantity: '3', amount: least }];
    const says = /^3 of sum.calls was settled, and 0 was counted/;
    await expectFound((sql) => plant(sql, { SettleLateUsage: settled(used) }, settle()), 'I2', { says });
  });

  it('finds nothing wrong with what waits for the next bill', async () => {
    const results = await verified(portfolio, async (sql) => {
      const [line] = await sql.query<{ id: ChargeId; period: Period; plan: Charge['plan'] }>(
        `select l.id, l.period, l.plan from es.event e, json_to_recordset(e.payload->'lines') as l (id uuid, "priceCode" text, period json, plan json)
          where e.event_type = 'InvoiceIssued' and e.payload->>'subscriptionId' = $1 and l."priceCode" = 'least' and l.period->>'start' = '2026-05-31T14:30:00.000Z'`,
        [portfolio.metered.subscription],
      );
      const { id, period, plan } = line!;
      const back: Charge = {
        ...{
          id: derivedId(id, 'back'),
          subscriptionId: portfolio.metered.subscription as SubscriptionId,
          plan,
          priceCode: 'least',
          name: 'least',
        },
        ...{ kind: 'usage', quantity: '0', unitAmount: null, amount: least.negated(), exactAmount: '-500', period, proration: null },
        ...{ taxCode: null, taxBehavior: 'exclusive', reverses: id },
      };
      const bug = settled([{ priceCode: 'least', meter: 'sum/calls', quantity: '0', amount: Money.of(0n, 'USD') }], [back]);
      await plant(sql, { SettleLateUsage: bug }, settle());
    });
    expect(results.filter(isFailure)).toEqual([]);
  });

  it('finds usage that was counted after it was settled', async () => {
    await expectFound(
      (sql) =>
        sql.query(
          `update metering.total set quantity = quantity + 1 where span = 'period' and subscription_id = $1 and start < '2026-04-30'`,
          [portfolio.metered.subscription],
        ),
      'I2',
      { says: /^1700 of sum.calls was settled, and 1701 was counted/ },
    );
  });

  it('finds late usage that was invoiced again, with nothing taken back', async () => {
    await expectFound(
      async (sql) => {
        const [issued] = await sql.query<{ payload: InvoiceIssued['data'] }>(
          `select payload from es.event where event_type = 'InvoiceIssued' and payload->>'kind' = 'lateUsage' and payload->>'subscriptionId' = $1`,
          [portfolio.metered.subscription],
        );
        const { accountId, lines } = issued!.payload;
        const charges = lines
          .filter(({ reversesLineId }) => reversesLineId === null)
          .map(({ description: name, reversesLineId: reverses, amount, ...line }) => ({
            ...line,
            ...{ id: derivedId<'charge'>(line.id, 'again'), name, reverses, amount: Money.fromJSON(amount as never) },
            ...{ unitAmount: '0', quantity: '0', exactAmount: '0' },
          }))
          .map((charge) => ({ ...charge, amount: Money.of(0n, 'USD') }));
        const bill = { kind: 'lateUsage', cause: 'late-usage/again', charges } as const;
        await plant(sql, {}, new IssueInvoice({ invoiceId: derivedId(accountId, 'again'), accountId, bill }));
      },
      'I2',
      { says: /^A period was invoiced 2 times/, where: { subscription: portfolio.metered.subscription } },
    );
  });
});
