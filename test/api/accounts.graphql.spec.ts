import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import { Database } from '#event-sourcing/sql.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';

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
  const fields = `id email name currency timeZone locale country region taxIds { type value } taxExempt metadata { key value } status defaultPaymentMethodId testClockId createdAt closedAt
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
