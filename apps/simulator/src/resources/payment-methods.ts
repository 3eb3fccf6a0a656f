import type Stripe from 'stripe';
import { pageOf } from '../http/pages.js';
import { noSuch, notAllowed } from '../http/stripe-failure.js';
import type { StripeRequest } from '../http/stripe-request.js';
import { type TestCard, testCard } from '../payments/test-cards.js';
import type { Origin } from '../state/event-log.js';
import { newObjectId, randomText } from '../state/object-ids.js';
import { livingCustomer } from './living-customer.js';
import { addressFrom } from './postal-address.js';
import type { StripeAccount } from './stripe-account.js';

/** How many years after the present one the cards expire. */
const validYears = 3;

/** A test token such as `pm_card_visa` stands for a new card of nobody each time it is used; any other id for a method that exists. */
export function methodFor(account: StripeAccount, idOrToken: string, param: string, status: 400 | 404): Stripe.PaymentMethod {
  const card = testCard(idOrToken);
  if (card !== undefined) return newCard(account, card);
  const method = account.paymentMethods.find(idOrToken);
  if (method === undefined) throw noSuch('PaymentMethod', idOrToken, param, status);
  return method;
}

/** Creates a card from `payment_method_data`-like parameters: `type=card` with `card[token]` naming a test card (`tok_visa`). */
export function createPaymentMethod(account: StripeAccount, request: StripeRequest): Stripe.PaymentMethod {
  const { parameters } = request;
  parameters.oneOf('type', ['card']);
  const token = parameters.nested('card')?.requiredText('token') ?? 'tok_visa';
  const card = testCard(token.replace(/^tok_/, 'pm_card_'));
  if (card === undefined) throw noSuch('token', token, 'card[token]', 400);
  const made = newCard(account, card);
  const billing = parameters.nested('billing_details');
  const method: Stripe.PaymentMethod = {
    ...made,
    metadata: parameters.metadata(),
    billing_details: {
      ...made.billing_details,
      address: addressFrom(billing?.nested('address')) ?? made.billing_details.address,
      email: billing?.text('email') ?? null,
      name: billing?.text('name') ?? null,
      phone: billing?.text('phone') ?? null,
    },
  };
  return account.paymentMethods.replace(method);
}

export function retrievePaymentMethod(account: StripeAccount, request: StripeRequest): Stripe.PaymentMethod {
  return methodFor(account, request.captures[0] ?? '', 'payment_method', 404);
}

export function retrieveCustomerPaymentMethod(account: StripeAccount, request: StripeRequest): Stripe.PaymentMethod {
  const [customer, id = ''] = request.captures;
  const method = account.paymentMethods.find(id);
  if (method === undefined || method.customer !== customer) throw noSuch('PaymentMethod', id, 'payment_method', 404);
  return method;
}

export function updatePaymentMethod(account: StripeAccount, request: StripeRequest): Stripe.PaymentMethod {
  const { parameters } = request;
  const before = methodFor(account, request.captures[0] ?? '', 'payment_method', 404);
  if (before.customer === null) throw notAllowed('You must save this PaymentMethod to a customer before you can update it.');
  const card = parameters.nested('card');
  const after: Stripe.PaymentMethod = {
    ...before,
    card: before.card && {
      ...before.card,
      exp_month: card?.integer('exp_month') ?? before.card.exp_month,
      exp_year: card?.integer('exp_year') ?? before.card.exp_year,
    },
    metadata: parameters.metadata(before.metadata ?? {}),
  };
  account.paymentMethods.replace(after);
  account.events.ofPaymentMethod('payment_method.updated', after, request, { metadata: before.metadata });
  return after;
}

export function attachPaymentMethod(account: StripeAccount, request: StripeRequest): Stripe.PaymentMethod {
  const customer = livingCustomer(account, request.parameters.requiredText('customer'), 'customer', 400);
  const method = methodFor(account, request.captures[0] ?? '', 'payment_method', 404);
  if (method.customer === customer.id) return method;
  if (method.customer !== null) throw notAllowed('The payment method you provided has already been attached to a customer.');
  if (account.paymentMethods.hiddenBecause(method.id) === 'spent') throw mayNotBeUsedAgain();
  return attachTo(account, method, customer.id, request);
}

export function attachTo(account: StripeAccount, method: Stripe.PaymentMethod, customer: string, origin: Origin): Stripe.PaymentMethod {
  const attached = account.paymentMethods.replace({ ...method, customer });
  account.events.ofPaymentMethod('payment_method.attached', attached, origin);
  return attached;
}

export function detachPaymentMethod(account: StripeAccount, request: StripeRequest): Stripe.PaymentMethod {
  const method = methodFor(account, request.captures[0] ?? '', 'payment_method', 404);
  if (method.customer === null) {
    throw notAllowed('The payment method you provided is not attached to a customer so detachment is impossible.');
  }
  return detach(account, method, request);
}

export function detachAll(account: StripeAccount, customer: string, origin: Origin): void {
  const attached = account.paymentMethods.list({ owner: customer }, { limit: 10_000 }).data;
  for (const method of attached) detach(account, method, origin);
}

/** Lists the methods of a customer by `/v1/payment_methods?customer=` or `/v1/customers/:id/payment_methods`. */
export function listPaymentMethods(account: StripeAccount, request: StripeRequest): Stripe.ApiList<Stripe.PaymentMethod> {
  const inPath = request.captures[0];
  const owner = inPath ?? request.parameters.requiredText('customer');
  livingCustomer(account, owner, 'customer', inPath === undefined ? 400 : 404);
  const type = request.parameters.text('type');
  return pageOf(account.paymentMethods, request, { owner, types: type === undefined ? undefined : [type] });
}

/** A method that was charged without a customer, or detached from one, is spent: Stripe never takes it again. */
export function mayNotBeUsedAgain() {
  return notAllowed(
    'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, or was detached from a Customer. ' +
      'It may not be used again. To use a PaymentMethod multiple times, you must attach it to a Customer first.',
    { param: 'payment_method' },
  );
}

function detach(account: StripeAccount, method: Stripe.PaymentMethod, origin: Origin): Stripe.PaymentMethod {
  const detached: Stripe.PaymentMethod = { ...method, customer: null };
  account.paymentMethods.replace(detached, { hidden: 'spent' });
  const owner = account.customers.find(String(method.customer));
  if (owner?.invoice_settings.default_payment_method === method.id) {
    account.customers.replace({ ...owner, invoice_settings: { ...owner.invoice_settings, default_payment_method: null } });
  }
  account.events.ofPaymentMethod('payment_method.detached', detached, origin, { customer: method.customer });
  return detached;
}

function newCard(account: StripeAccount, card: TestCard): Stripe.PaymentMethod {
  const method: Stripe.PaymentMethod = {
    id: newObjectId('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: {
      address: { city: null, country: null, line1: null, line2: null, postal_code: null, state: null },
      email: null,
      name: null,
      phone: null,
      tax_id: null,
    },
    card: {
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      display_brand: card.brand,
      exp_month: 12,
      exp_year: new Date(account.clock.nowMs()).getUTCFullYear() + validYears,
      fingerprint: randomText(16),
      funding: card.funding,
      generated_from: null,
      last4: card.last4,
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: account.clock.now(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  };
  account.paymentMethods.add(method);
  if (card.behavior.outcome.kind !== 'succeed' || card.behavior.refunds !== 'succeed') account.cards.set(method.id, card.behavior);
  return method;
}
