import type { TestPlatform } from './platform.js';

/** The steps that many stories begin with, through the API as an integrator takes them. */
export class Story {
  constructor(private readonly platform: TestPlatform) {}

  async testClock(now: string): Promise<string> {
    return (await this.platform.post('/v1/test-clocks', { now }).expect(201)).body.id;
  }

  async account(fields: object = {}): Promise<{ id: string; [field: string]: unknown }> {
    const standard = {
      email: 'ada@example.com',
      name: 'Ada',
      currency: 'USD',
      timeZone: 'America/New_York',
      paymentMethod: { token: 'pm_card_visa' },
    };
    return (await this.platform.post('/v1/accounts', { ...standard, ...fields }).expect(201)).body;
  }

  /** 29.00 USD (27.00 EUR) a month. */
  async plan(fields: object = {}): Promise<{ id: string; code: string }> {
    const price = { code: 'base', kind: 'recurring', model: 'flat', billing: 'advance', taxBehavior: 'exclusive' };
    const currencies = { USD: { amount: 2900 }, EUR: { amount: 2700 } };
    const standard = { code: 'pro', name: 'Pro', interval: { unit: 'month', count: 1 }, prices: [{ ...price, currencies }] };
    return (await this.platform.post('/v1/plans', { ...standard, ...fields }).expect(201)).body;
  }

  async subscription(
    accountId: string,
    fields: object = {},
  ): Promise<{ id: string; status: string; latestInvoiceId: string; [field: string]: unknown }> {
    return (await this.platform.post('/v1/subscriptions', { accountId, planCode: 'pro', ...fields }).expect(201)).body;
  }

  async advance(testClockId: string, to: string): Promise<void> {
    await this.platform.post(`/v1/test-clocks/${testClockId}/advance`, { to }).expect(200);
    await this.platform.settle();
  }

  async invoices(
    subscriptionId: string,
  ): Promise<
    { number: string; status: string; issuedAt: string; total: { amount: number }; lines: { period: { start: string; end: string } }[] }[]
  > {
    const { body } = await this.platform.get(`/v1/invoices?subscriptionId=${subscriptionId}&limit=100`).expect(200);
    return [...body.data].reverse();
  }
}
