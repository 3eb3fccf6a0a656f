import { published } from '#pricing/worked.examples.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';
import { redoneSum } from '../support/redone-sum.js';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());

const period = { start: '2026-04-01T00:00:00Z', end: '2026-05-01T00:00:00Z' };

/** Terms as integrators send them: amounts are numbers, and those of one unit decimals in text, as all other numbers are. */
function onTheWire(terms: unknown): unknown {
  if (Array.isArray(terms)) return terms.map(onTheWire);
  if (typeof terms !== 'object' || terms === null) return terms;
  const isAmount = (name: string) => /amount$/i.test(name) && name !== 'unitAmount';
  return Object.fromEntries(Object.entries(terms).map(([name, value]) => [name, isAmount(name) ? Number(value) : onTheWire(value)]));
}

describe('US10: a worked example that another system published', () => {
  it.each(published)('%s, is quoted at the published amount', async (_, price, used, amount) => {
    const { terms, code, kind, model, meter } = price;
    const given = { code, kind, model, meter, currencies: { USD: onTheWire(terms) } };
    const events = typeof used === 'string' ? [] : used.map((quantity) => ({ quantity, timestamp: period.start }));
    const item =
      kind === 'usage' ? { price: given, usage: typeof used === 'string' ? used : { events } } : { price: given, quantity: used };
    const { body } = await platform.post('/v1/quotes', { currency: 'USD', period, items: [item] }).expect(200);
    expect(body.total).toEqual({ amount: Number(amount), currency: 'USD' });
    expect(redoneSum(body.lines[0].explanation.steps)).toBe(amount);
  });
});
