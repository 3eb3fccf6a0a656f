/** A call of the first minutes, and what it answers. Values of earlier answers stand in `{braces}`. */
export interface FirstCall {
  readonly title: string;
  readonly about: string;
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body: object | null;
  /** What later calls need of the answer: the field, by the name that they give it. */
  readonly keep: Readonly<Record<string, string>>;
  /** The status that is waited for: what follows a moment later is asked for again. */
  readonly until: string | null;
  /** Some fields of the answer. A specification makes the calls and compares; ids and times differ each time. */
  readonly answer: object;
}

/** From nothing to a paid invoice: shown on the first page, made by `npm run first-invoice`. */
export const firstCalls: readonly FirstCall[] = [
  {
    title: 'Publish a plan',
    about: '29.00 USD a month. Amounts are whole numbers of minor units.',
    method: 'POST',
    path: '/v1/plans',
    body: {
      code: 'pro',
      name: 'Pro',
      interval: { unit: 'month', count: 1 },
      prices: [
        {
          code: 'base',
          kind: 'recurring',
          model: 'flat',
          billing: 'advance',
          taxBehavior: 'exclusive',
          currencies: { USD: { amount: 2900 } },
        },
      ],
    },
    keep: {},
    until: null,
    answer: { id: '0190f0c8-5b1e-7c3a-9d21-6e1f0a4c7b10', code: 'pro', version: 1, active: true, trialDays: 0 },
  },
  {
    title: 'Make a customer who has a card',
    about: 'The card is one of Stripe’s test cards; the simulated Stripe takes them too.',
    method: 'POST',
    path: '/v1/accounts',
    body: {
      email: 'ada@example.com',
      name: 'Ada Lovelace',
      currency: 'USD',
      timeZone: 'America/New_York',
      paymentMethod: { token: 'pm_card_visa' },
    },
    keep: { accountId: 'id' },
    until: null,
    answer: { id: '0190f0c8-6f02-7a11-8c5d-90b1c2d3e4f5', name: 'Ada Lovelace', status: 'ACTIVE', currency: 'USD' },
  },
  {
    title: 'Subscribe',
    about: 'One transaction: the subscription starts, its first invoice is issued with its number, and the payment is requested.',
    method: 'POST',
    path: '/v1/subscriptions',
    body: { accountId: '{accountId}', planCode: 'pro' },
    keep: { invoiceId: 'latestInvoiceId' },
    until: null,
    answer: {
      id: '0190f0c8-7d44-7b22-9e6f-a1b2c3d4e5f5',
      status: 'active',
      quantity: 1,
      latestInvoiceId: '0190f0c8-7d4a-8c33-af70-b2c3d4e5f6f5',
    },
  },
  {
    title: 'See it paid',
    about: 'A worker has charged the card a moment later, once.',
    method: 'GET',
    path: '/v1/invoices/{invoiceId}',
    body: null,
    keep: {},
    until: 'paid',
    answer: {
      number: 'INV-2026-000001',
      status: 'paid',
      total: { amount: 2900, currency: 'USD' },
      amountPaid: { amount: 2900, currency: 'USD' },
      amountDue: { amount: 0, currency: 'USD' },
    },
  },
];
