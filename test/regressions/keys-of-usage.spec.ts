import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';

let platform: TestPlatform;
let story: Story;
let subscriptionId: string;
beforeAll(async () => {
  platform = await startPlatform();
  story = new Story(platform);
  const meter = (aggregation: string, property?: string, filter?: object) => ({ metric: 'calls', aggregation, property, filter });
  const usage = (code: string, given: object) => ({
    ...{ code, kind: 'usage', model: 'perUnit', meter: given, currencies: { USD: { unitAmount: '1' } } },
  });
  await story.plan({
    code: 'keys',
    prices: [
      usage('all', meter('sum')),
      usage('users', meter('unique', 'user')),
      usage('one', meter('sum', undefined, { a: ['x,y'] })),
      usage('two', meter('sum', undefined, { a: ['x', 'y'] })),
    ],
  });
});
afterAll(() => platform.stop());
beforeEach(async () => {
  const clock = await story.testClock('2026-01-31T15:00:00Z');
  subscriptionId = (await story.subscription((await story.account({ testClockId: clock })).id, { planCode: 'keys' })).id;
});

const event = (idempotencyKey: unknown, quantity: string, properties: object) => ({
  ...{ subscriptionId, metric: 'calls', timestamp: '2026-01-31T15:00:00Z' },
  ...{ idempotencyKey, quantity, properties },
});
const shown = async (): Promise<Record<string, string>> => {
  const { body } = await platform.get(`/v1/subscriptions/${subscriptionId}/usage`).expect(200);
  return Object.fromEntries(
    (body.data as { priceCode: string; quantity: string }[]).map(({ priceCode, quantity }) => [priceCode, quantity]),
  );
};

describe('Usage is taken for other usage (lago-api #502, flexprice #1400)', () => {
  it('never, by keys that differ in one character, in the last of many digits, or in how they are composed', async () => {
    const keys = [
      'a',
      'A',
      'a ',
      ' a',
      'é',
      'e\u0301',
      '90071992547409931',
      '90071992547409932',
      '1',
      '1.0',
      'x'.repeat(254),
      'x'.repeat(255),
    ];
    const events = keys.map((key) => event(key, '1', { user: 'ada' }));
    const { body } = await platform.post('/v1/usage', { events }).expect(200);
    expect(body.results).toEqual(keys.map((idempotencyKey) => ({ idempotencyKey, status: 'accepted' })));
    expect(await shown()).toMatchObject({ all: String(keys.length), users: '1' });
  });

  it('never, by a key that JSON would round: a number is no key', async () => {
    const { body } = await platform.post('/v1/usage', event(4711, '1', { user: 'ada' })).expect(422);
    expect(body.errors).toMatchObject([{ pointer: '/idempotencyKey' }]);
  });

  it('never, by texts that are told apart and by filters that separate them alike', async () => {
    const users = ['ada', 'Ada', 'ada ', 'x'.repeat(499), `${'x'.repeat(499)}y`];
    const events = [
      ...users.map((user, index) => event(`user ${index}`, '1', { user })),
      ...['x,y', 'x', 'y', 'x,y '].map((a) => event(`a ${a}`, '1', { user: 'ada', a })),
    ];
    const { body } = await platform.post('/v1/usage', { events }).expect(200);
    expect(new Set((body.results as { status: string }[]).map(({ status }) => status))).toEqual(new Set(['accepted']));
    expect(await shown()).toEqual({ all: '9', users: String(users.length), one: '1', two: '2' });
  });

  it('never rounded: tenths add up to tenths, and twelve places beside fifteen digits', async () => {
    const quantities = ['0.1', '0.2', '1000000000000000', '0.000000000001'];
    await platform.post('/v1/usage', { events: quantities.map((quantity) => event(quantity, quantity, { user: 'ada' })) }).expect(200);
    expect(await shown()).toMatchObject({ all: '1000000000000000.300000000001' });
  });
});
