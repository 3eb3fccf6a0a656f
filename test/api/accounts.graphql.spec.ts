import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { Database } from '#event-sourcing/sql.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());

const ada = { email: 'ada@example.com', name: 'Ada Lovelace', currency: 'USD' };

async function created(body: object = {}): Promise<{ id: string }> {
  return (await platform.post('/v1/accounts', { ...ada, ...body }).expect(201)).body;
}

describe('Accounts in GraphQL', () => {
  const fields = `id email name currency timeZone locale country region taxIds { type value } taxExempt metadata { key value } status defaultPaymentMethodId testClockId createdAt closedAt erasedAt externalId
    hold { reason since } address { line1 line2 city postalCode region }
    balance { amount currency } paymentMethods { id type brand last4 expMonth expYear isDefault createdAt }`;

  it('are the same as in REST', async () => {
    const given = { taxIds: [{ type: 'eu_vat', value: 'DE136695976' }], metadata: { crm: '4711', tier: 'gold' } };
    const { id } = await created({ ...given, paymentMethod: { token: 'pm_card_visa' } });
    const { body: rest } = await platform.get(`/v1/accounts/${id}`);
    const metadata = [
      { key: 'crm', value: '4711' },
      { key: 'tier', value: 'gold' },
    ];
    const { body } = await platform.graphql(`query ($id: ID!) { account(id: $id) { ${fields} } }`, { id }).expect(200);
    expect(body).toEqual({ data: { account: { ...rest, metadata, balance: { amount: '0', currency: 'USD' } } } });
  });

  it('are null where there is none, and refused where the id is none', async () => {
    const { body } = await platform.graphql(`{ account(id: "${randomUUID()}") { id } }`);
    expect(body).toEqual({ data: { account: null } });
    const refused = await platform.graphql('{ account(id: "7") { id } }');
    expect(refused.body.errors[0].extensions.code).toBe('id_invalid');
  });

  it('are paged, with two queries however many there are', async () => {
    const email = `${randomUUID()}@example.com`;
    for (let count = 0; count < 4; count += 1) await created({ email, paymentMethod: { token: 'pm_card_visa' } });
    const query = `query ($after: String, $email: String) { accounts(first: 3, after: $after, email: $email) {
      edges { cursor node { id paymentMethods { brand } } } pageInfo { hasNextPage endCursor } } }`;
    const { answer: first, statements } = await counted(() => platform.graphql(query, { email }));
    expect(statements).toBe(2);
    expect(first.body.data.accounts).toMatchObject({ pageInfo: { hasNextPage: true } });
    expect(first.body.data.accounts.edges).toHaveLength(3);
    const after = first.body.data.accounts.pageInfo.endCursor;
    const second = await platform.graphql(query, { email, after });
    expect(second.body.data.accounts).toMatchObject({
      edges: [{ node: { paymentMethods: [{ brand: 'visa' }] } }],
      pageInfo: { hasNextPage: false },
    });
    const ids = [...first.body.data.accounts.edges, ...second.body.data.accounts.edges].map(
      ({ node }: { node: { id: string } }) => node.id,
    );
    expect(new Set(ids).size).toBe(4);
  });
});

describe('Accounts with all that is theirs', () => {
  const levels = `subscriptions(first: 4) { edges { node { id status
    invoices(first: 4) { edges { node { id status total { amount currency }
      payments(first: 4) { edges { node { id status amount { amount currency } } } } } } } } } }`;
  const tables = [
    'accounts.account_details',
    'subscriptions.subscription_details',
    'invoicing.invoice_details',
    'payments.payment_details',
  ];
  const email = `${randomUUID()}@example.com`;
  const ids: string[] = [];

  beforeAll(async () => {
    const story = new Story(platform);
    await story.plan();
    const clock = await story.testClock('2026-01-31T15:00:00Z');
    for (let subscriptions = 0; subscriptions < 4; subscriptions += 1) {
      const account = await story.account({ email, testClockId: clock });
      ids.push(account.id);
      for (let count = 0; count < subscriptions; count += 1) await story.subscription(account.id);
    }
    await story.advance(clock, '2026-02-28T15:00:00Z');
  });

  /** The tables that statements read while a request is answered, one entry for each statement. */
  async function readFor(query: string, variables: object): Promise<{ data: Answer; read: string[] }> {
    const statements = jest.spyOn(Database.prototype, 'query');
    const transactions = jest.spyOn(Database.prototype, 'transaction');
    try {
      const { body } = await platform.graphql(query, variables).expect(200);
      expect(body.errors).toBeUndefined();
      expect(transactions).not.toHaveBeenCalled();
      const texts = statements.mock.calls.map(([text]) => text).filter((text) => !/\bplatform\.api_key\b/.test(text));
      return { data: body.data, read: texts.map((text) => /\b(accounts|subscriptions|invoicing|payments)\.\w+/.exec(text)?.[0] ?? text) };
    } finally {
      statements.mockRestore();
      transactions.mockRestore();
    }
  }

  it.each([0, 1, 3])('of one account with %i subscriptions take a statement for each level, however many rows there are', async (count) => {
    const { data, read } = await readFor(`query ($id: ID!) { account(id: $id) { name ${levels} } }`, { id: ids[count] });
    const subscriptions = nodes(data.account!.subscriptions);
    expect(subscriptions).toHaveLength(count);
    for (const { invoices } of subscriptions) {
      expect(nodes(invoices)).toHaveLength(2);
      for (const { payments } of nodes(invoices)) {
        expect(nodes(payments)).toMatchObject([{ status: 'succeeded', amount: { amount: '2900', currency: 'USD' } }]);
      }
    }
    // Without a subscription there is nothing to read below it.
    expect(read).toEqual(count === 0 ? tables.slice(0, 2) : tables);
  });

  it('of a page of accounts take no statement more', async () => {
    const query = `query ($email: String) { accounts(first: 4, email: $email) { edges { node { id ${levels} } } } }`;
    const { data, read } = await readFor(query, { email });
    const accounts = nodes(data.accounts!);
    expect(accounts.map(({ subscriptions }) => nodes(subscriptions).length).sort()).toEqual([0, 1, 2, 3]);
    expect(new Set(accounts.flatMap(({ subscriptions }) => nodes(subscriptions).flatMap(({ invoices }) => nodes(invoices)))).size).toBe(12);
    expect(read).toEqual(tables);
  });

  it('are the same that REST lists', async () => {
    const id = ids[3]!;
    const { data } = await readFor(`query ($id: ID!) { account(id: $id) { name ${levels} } }`, { id });
    const subscriptions = nodes(data.account!.subscriptions);
    const inRest = async (path: string) => (await platform.get(path).expect(200)).body.data.map((each: { id: string }) => each.id);
    expect(subscriptions.map((each) => each.id)).toEqual(await inRest(`/v1/subscriptions?accountId=${id}`));
    for (const subscription of subscriptions) {
      const invoices = nodes(subscription.invoices);
      expect(invoices.map((each) => each.id)).toEqual(await inRest(`/v1/invoices?subscriptionId=${subscription.id}`));
      for (const invoice of invoices) {
        expect(nodes(invoice.payments).map((each) => each.id)).toEqual(await inRest(`/v1/payments?invoiceId=${invoice.id}`));
      }
    }
  });
});

interface Connected<Node> {
  readonly edges: readonly { readonly node: Node }[];
}
interface ShownAccount {
  readonly subscriptions: Connected<{
    readonly id: string;
    readonly invoices: Connected<{ readonly id: string; readonly payments: Connected<{ readonly id: string }> }>;
  }>;
}
interface Answer {
  readonly account?: ShownAccount;
  readonly accounts?: Connected<ShownAccount>;
}

function nodes<Node>({ edges }: Connected<Node>): Node[] {
  return edges.map(({ node }) => node);
}

/** Counts the statements on the context's tables while the work runs. */
async function counted<T>(work: () => PromiseLike<T>): Promise<{ answer: T; statements: number }> {
  const statements = jest.spyOn(Database.prototype, 'query');
  try {
    const answer = await work();
    return { answer, statements: statements.mock.calls.filter(([text]) => text.includes(' accounts.')).length };
  } finally {
    statements.mockRestore();
  }
}
