import { type AccountId, newId, type PaymentMethodId } from '#kernel/ids.js';
import { timeZone } from '#kernel/time-zone.js';
import {
  AccountClosed,
  AccountCreated,
  type AccountEvent,
  type Particulars,
  PaymentMethodAdded,
  type VerifiedPaymentMethod,
} from './account.events.js';
import { paymentMethodIdOf } from './account.policies.js';
import type { CreateAccount } from './create-account.js';

// The same named examples for every specification of this context.

export const accountId: AccountId = newId(7);

export const particulars: Particulars = {
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  address: { line1: '12 St James Square', line2: null, city: 'London', postalCode: 'SW1Y 4JH', region: null },
  timeZone: timeZone('America/New_York'),
  locale: 'en-US',
  country: 'US',
  region: 'NY',
  taxIds: [{ type: 'us_ein', value: '12-3456789' }],
  taxExempt: false,
  externalId: null,
  metadata: { crm: '4711' },
};

export const visa: VerifiedPaymentMethod = {
  type: 'card',
  brand: 'visa',
  last4: '4242',
  expMonth: 12,
  expYear: 2030,
  gateway: { name: 'stripe', customerId: 'cus_1', methodId: 'pm_1' },
};

export const mastercard: VerifiedPaymentMethod = {
  ...visa,
  brand: 'mastercard',
  last4: '4444',
  gateway: { name: 'stripe', customerId: 'cus_1', methodId: 'pm_2' },
};

export const visaId: PaymentMethodId = paymentMethodIdOf(accountId, visa);
export const mastercardId: PaymentMethodId = paymentMethodIdOf(accountId, mastercard);

export const createAda: CreateAccount['data'] = { ...particulars, accountId, currency: 'USD', testClockId: null, paymentMethod: null };

export const created = (): AccountCreated =>
  new AccountCreated({ ...particulars, particularsVersion: 1, accountId, currency: 'USD', testClockId: null });
export const visaAdded = (): PaymentMethodAdded => new PaymentMethodAdded({ ...visa, accountId, paymentMethodId: visaId, isDefault: true });
export const mastercardAdded = (isDefault = false): PaymentMethodAdded =>
  new PaymentMethodAdded({ ...mastercard, accountId, paymentMethodId: mastercardId, isDefault });

/** Ada's, without a means to pay. */
export const anAccount = (): AccountEvent[] => [created()];

/** Ada's, with a Visa that is the default and a Mastercard that is not. */
export const anAccountWithTwoCards = (): AccountEvent[] => [created(), visaAdded(), mastercardAdded()];

export const aClosedAccount = (): AccountEvent[] => [created(), visaAdded(), new AccountClosed({ accountId })];

/** So many more cards, the first of them the default. */
export function manyMethods(count: number): PaymentMethodAdded[] {
  return Array.from({ length: count }, (_, index) => {
    const method = { ...visa, gateway: { name: 'stripe', customerId: 'cus_1', methodId: `pm_many_${index}` } };
    return new PaymentMethodAdded({ ...method, accountId, paymentMethodId: paymentMethodIdOf(accountId, method), isDefault: index === 0 });
  });
}
