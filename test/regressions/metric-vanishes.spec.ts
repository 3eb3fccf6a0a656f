import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

let platform: TestPlatform;
let story: Story;
beforeAll(async () => {
  platform = await startPlatform();
  story = new Story(platform);
});
afterAll(() => platform.stop());

const base = { code: 'base', model: 'flat', currencies: { USD: { amount: 1000 } } };
const calls = (meter: object) => ({
  ...{ code: 'calls', name: 'Calls', kind: 'usage', model: 'perUnit', currencies: { USD: { unitAmount: '10' } } },
  meter: { metric: 'calls', aggregation: 'sum', ...meter },
});

async function use(subscriptionId: string, timestamp: string): Promise<string> {
  const event = { subscriptionId, metric: 'calls', quantity: '50', timestamp, idempotencyKey: timestamp, properties: { region: 'eu' } };
  const { body } = await platform.post('/v1/usage', event).expect(200);
  return body.code ?? body.status;
}

/** What each invoice says of usage, oldest first: the same in REST and in GraphQL. */
async function billed(id: string): Promise<string[][]> {
  const shown = (lines: { kind: string; priceCode: string; description: string; quantity: string }[]) =>
    lines.filter(({ kind }) => kind === 'usage').map(({ priceCode, description, quantity }) => `${quantity} ${priceCode}: ${description}`);
  const rest = (await story.invoices(id)) as unknown as { lines: Parameters<typeof shown>[0] }[];
  const query = `query ($id: ID!) { subscription(id: $id) { invoices(first: 20) { edges { node { lines { kind priceCode description quantity } } } } } }`;
  const { body } = await platform.graphql(query, { id });
  const edges = body.data.subscription.invoices.edges as { node: { lines: Parameters<typeof shown>[0] } }[];
  expect(edges.map(({ node }) => shown(node.lines)).toReversed()).toEqual(rest.map(({ lines }) => shown(lines)));
  return rest.map(({ lines }) => shown(lines));
}

describe('A metric that a plan meters no more, or otherwise, vanishes from invoices (lago-api #749, #751)', () => {
  it.each<[string, object[], string]>([
    ['deleted', [base], 'metric_unknown'],
    ['changed', [base, calls({ aggregation: 'count', filter: { region: ['us'] } })], 'accepted'],
  ])('never, when it is %s: what was billed is shown as it was, and who agreed to it is billed on', async (how, prices, answer) => {
    const plan = await story.plan({ code: `plan-${how}`, prices: [base, calls({})] });
    const clock = await story.testClock('2026-01-31T15:00:00Z');
    const account = await story.account({ testClockId: clock });
    const { id } = await story.subscription(account.id, { planCode: plan.code });
    expect(await use(id, '2026-01-31T15:00:00Z')).toBe('accepted');
    await story.advance(clock, '2026-03-01T00:00:00Z');
    const before = await billed(id);
    expect(before).toEqual([[], ['50 calls: Pro – Calls']]);

    await platform.patch(`/v1/plans/${plan.id}`, { prices }).expect(200);
    await platform.settle();
    const { id: later } = await story.subscription(account.id, { planCode: plan.code });
    await platform.patch(`/v1/plans/${plan.id}`, { active: false }).expect(200);
    await platform.settle();
    expect(await billed(id)).toEqual(before);
    expect(await use(id, '2026-03-01T00:00:00Z')).toBe('accepted');
    expect(await use(later, '2026-03-01T00:00:00Z')).toBe(answer);
    await story.advance(clock, '2026-04-02T00:00:00Z');
    expect(await billed(id)).toEqual([...before, ['50 calls: Pro – Calls']]);
    // What is counted otherwise by now was not what was asked for.
    expect((await billed(later)).flat()).toEqual([]);
  });
});
