import { randomUUID } from 'node:crypto';
import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

let platform: TestPlatform;
let accountId: string;
const subscriptionIds: string[] = [];

// One story, told to both: an active subscription with two invoices, one that was canceled, one that ends with its period, a trial.
beforeAll(async () => {
  platform = await startPlatform();
  const story = new Story(platform);
  await story.plan();
  const clock = await story.testClock('2026-01-31T15:00:00Z');
  accountId = (await story.account({ testClockId: clock })).id;
  const start = async (fields: object) => subscriptionIds.push((await story.subscription(accountId, fields)).id);
  for (const fields of [{ metadata: { team: 'blue', seat: '7' } }, { anchorDay: 10 }, {}, { trialDays: 60 }]) await start(fields);
  await platform.delete(`/v1/subscriptions/${subscriptionIds[1]}`).expect(200);
  await story.advance(clock, '2026-02-28T15:00:00Z');
  await platform.delete(`/v1/subscriptions/${subscriptionIds[2]}?atPeriodEnd=true`).expect(200);
});
afterAll(() => platform.stop());

/** What REST answers as GraphQL writes it: exact amounts are texts, and an object with keys of the caller's own is a list. */
function asInGraphql(shown: unknown, name = ''): unknown {
  if (Array.isArray(shown)) return shown.map((each) => asInGraphql(each));
  if (typeof shown !== 'object' || shown === null) return shown;
  if (name === 'metadata') return Object.entries(shown).map(([key, value]) => ({ key, value }));
  if ('amount' in shown && 'currency' in shown) return { ...shown, amount: String(shown.amount) };
  return Object.fromEntries(Object.entries(shown).map(([key, value]) => [key, asInGraphql(value, key)]));
}

describe('Subscriptions in GraphQL', () => {
  const fields = `id accountId hold { reason since } planId planVersion status quantity items { priceCode quantity } currency startedAt currentPeriodStart currentPeriodEnd trialEnd
    anchor { local timeZone anchorDay } cancelAtPeriodEnd endsAt canceledAt pausedAt pauseResumesAt latestInvoiceId metadata { key value } createdAt externalId`;

  it('are the same as in REST', async () => {
    const statuses = new Set<string>();
    for (const id of subscriptionIds) {
      // GraphQL gets scheduled changes when there are any, with a type of their own.
      const { scheduledChange: _, ...rest } = (await platform.get(`/v1/subscriptions/${id}`).expect(200)).body;
      const { body } = await platform.graphql(`query ($id: ID!) { subscription(id: $id) { ${fields} } }`, { id }).expect(200);
      expect(body).toEqual({ data: { subscription: asInGraphql(rest) } });
      statuses.add(rest.status);
    }
    expect(statuses).toEqual(new Set(['active', 'canceled', 'trialing']));
  });

  it('are paged like in REST, by themselves and below their account', async () => {
    const { body: rest } = await platform.get(`/v1/subscriptions?accountId=${accountId}`).expect(200);
    const page = 'edges { node { id } } pageInfo { hasNextPage endCursor }';
    const query = `query ($id: ID!, $after: String) { subscriptions(first: 3, after: $after) { ${page} }
      account(id: $id) { subscriptions(first: 3, after: $after) { ${page} } } }`;
    const first = (await platform.graphql(query, { id: accountId }).expect(200)).body.data;
    const second = (await platform.graphql(query, { id: accountId, after: first.subscriptions.pageInfo.endCursor }).expect(200)).body.data;
    expect([first, second].map(({ subscriptions }) => subscriptions.pageInfo.hasNextPage)).toEqual([true, false]);
    for (const list of [
      [first.subscriptions, second.subscriptions],
      [first.account.subscriptions, second.account.subscriptions],
    ]) {
      const ids = list.flatMap(({ edges }) => edges.map(({ node }: { node: { id: string } }) => node.id));
      expect(ids).toEqual(rest.data.map(({ id }: { id: string }) => id));
    }
  });

  it('are null where there is none, and refused where the id is none', async () => {
    const { body } = await platform.graphql(`{ subscription(id: "${randomUUID()}") { id } }`);
    expect(body).toEqual({ data: { subscription: null } });
    expect((await platform.graphql('{ subscription(id: "7") { id } }')).body.errors[0].extensions.code).toBe('id_invalid');
  });
});

describe('Invoices in GraphQL', () => {
  const money = '{ amount currency }';
  const line = `id subscriptionId description kind priceCode planVersion quantity unitAmount amount ${money} exactAmount period { start end }
    proration { numerator denominator unit } reversesLineId discounts { name amount ${money} } taxes { rate jurisdiction amount ${money} note }`;
  const amounts = ['subtotal', 'discount', 'tax', 'total', 'creditApplied', 'amountDue', 'amountPaid'].map((name) => `${name} ${money}`);
  const taxes = `taxes { rate jurisdiction base ${money} amount ${money} note }`;
  const fields = `id number kind cause accountId subscriptionId billTo { accountId particularsVersion } status currency ${amounts.join(' ')} ${taxes}
    createdAt issuedAt dueAt paidAt supplements corrects lines { ${line} }`;

  it('are the same as in REST, one by one and as a list', async () => {
    const { body: rest } = await platform.get(`/v1/invoices?accountId=${accountId}`).expect(200);
    expect(rest.data).toHaveLength(5);
    expect(rest.data).toContainEqual(expect.objectContaining({ lines: [expect.objectContaining({ proration: expect.any(Object) })] }));
    const { body: list } = await platform.graphql(`{ invoices(first: 10) { edges { node { ${fields} } } } }`).expect(200);
    expect(list.data.invoices.edges.map(({ node }: { node: object }) => node)).toEqual(asInGraphql(rest.data));
    const [newest] = rest.data;
    const { body } = await platform.graphql(`query ($id: ID!) { invoice(id: $id) { ${fields} } }`, { id: newest.id }).expect(200);
    expect(body).toEqual({ data: { invoice: asInGraphql(newest) } });
  });

  it('are null where there is none', async () => {
    expect((await platform.graphql(`{ invoice(id: "${randomUUID()}") { id } }`)).body).toEqual({ data: { invoice: null } });
  });
});
