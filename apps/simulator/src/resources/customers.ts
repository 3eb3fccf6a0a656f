import type Stripe from 'stripe';
import { pageOf } from '../http/pages.js';
import type { Parameters } from '../http/parameters.js';
import { noSuch } from '../http/stripe-failure.js';
import type { StripeRequest } from '../http/stripe-request.js';
import { newObjectId, randomText } from '../state/object-ids.js';
import { livingCustomer } from './living-customer.js';
import { detachAll } from './payment-methods.js';
import { addressFrom } from './postal-address.js';
import type { StripeAccount } from './stripe-account.js';

export function createCustomer(account: StripeAccount, request: StripeRequest): Stripe.Customer {
  const { parameters } = request;
  const customer: Stripe.Customer = {
    id: newObjectId('cus'),
    object: 'customer',
    address: addressFrom(parameters.nested('address')),
    balance: 0,
    created: account.clock.now(),
    currency: null,
    customer_account: null,
    default_source: null,
    delinquent: false,
    description: parameters.textOr('description', null),
    discount: null,
    email: parameters.textOr('email', null),
    invoice_prefix: randomText(8).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: parameters.metadata(),
    name: parameters.textOr('name', null),
    next_invoice_sequence: 1,
    phone: parameters.textOr('phone', null),
    preferred_locales: parameters.list('preferred_locales') ?? [],
    shipping: null,
    tax_exempt: parameters.oneOf('tax_exempt', ['none', 'exempt', 'reverse']) ?? 'none',
    test_clock: null,
  };
  account.metadata.add('customers', account.customers.add(customer), customer.metadata);
  account.events.ofCustomer('customer.created', customer, request);
  return customer;
}

export function retrieveCustomer(account: StripeAccount, request: StripeRequest): Stripe.Customer | Stripe.DeletedCustomer {
  const id = request.captures[0] ?? '';
  const customer = account.customers.find(id);
  if (customer === undefined) throw noSuch('customer', id, 'id', 404);
  return account.customers.isHidden(id) ? { id, object: 'customer', deleted: true } : customer;
}

export function updateCustomer(account: StripeAccount, request: StripeRequest): Stripe.Customer {
  const { parameters } = request;
  const before = livingCustomer(account, request.captures[0] ?? '', 'id', 404);
  const after: Stripe.Customer = {
    ...before,
    address: parameters.has('address') ? addressFrom(parameters.nested('address')) : before.address,
    description: parameters.textOr('description', before.description),
    email: parameters.textOr('email', before.email),
    invoice_settings: { ...before.invoice_settings, default_payment_method: defaultMethod(account, before, parameters) },
    metadata: parameters.metadata(before.metadata),
    name: parameters.textOr('name', before.name),
    phone: parameters.textOr('phone', before.phone),
    preferred_locales: parameters.list('preferred_locales') ?? before.preferred_locales,
    tax_exempt: parameters.oneOf('tax_exempt', ['none', 'exempt', 'reverse']) ?? before.tax_exempt,
  };
  account.customers.replace(after);
  account.metadata.replace('customers', after.id, before.metadata, after.metadata);
  account.events.ofCustomer('customer.updated', after, request, changed(before, after));
  return after;
}

export function deleteCustomer(account: StripeAccount, request: StripeRequest): Stripe.DeletedCustomer {
  const { id } = livingCustomer(account, request.captures[0] ?? '', 'id', 404);
  detachAll(account, id, request);
  const customer = livingCustomer(account, id, 'id', 404);
  account.customers.replace(customer, { hidden: 'deleted' });
  account.metadata.replace('customers', customer.id, customer.metadata, {});
  account.events.ofCustomer('customer.deleted', customer, request);
  return { id, object: 'customer', deleted: true };
}

export function listCustomers(account: StripeAccount, request: StripeRequest): Stripe.ApiList<Stripe.Customer> {
  return pageOf(account.customers, request, {});
}

function defaultMethod(account: StripeAccount, customer: Stripe.Customer, parameters: Parameters) {
  const settings = parameters.nested('invoice_settings');
  const before = customer.invoice_settings.default_payment_method;
  if (settings === undefined || !settings.has('default_payment_method')) return before;
  const id = settings.text('default_payment_method');
  if (id === undefined) return null;
  const method = account.paymentMethods.find(id);
  if (method === undefined || method.customer !== customer.id) {
    throw noSuch('PaymentMethod', id, 'invoice_settings[default_payment_method]', 400);
  }
  return id;
}

function changed(before: Stripe.Customer, after: Stripe.Customer): Partial<Stripe.Customer> {
  const previous: Partial<Stripe.Customer> = {};
  if (before.email !== after.email) previous.email = before.email;
  if (before.name !== after.name) previous.name = before.name;
  if (before.description !== after.description) previous.description = before.description;
  if (before.phone !== after.phone) previous.phone = before.phone;
  if (JSON.stringify(before.metadata) !== JSON.stringify(after.metadata)) previous.metadata = before.metadata;
  if (JSON.stringify(before.address) !== JSON.stringify(after.address)) previous.address = before.address;
  if (before.invoice_settings.default_payment_method !== after.invoice_settings.default_payment_method) {
    previous.invoice_settings = before.invoice_settings;
  }
  return previous;
}
