import type Stripe from 'stripe';
import { pageOf } from '../http/pages.js';
import { noSuch } from '../http/stripe-failure.js';
import type { StripeRequest } from '../http/stripe-request.js';
import type { Decline } from '../payments/declines.js';
import { newObjectId, randomText } from '../state/object-ids.js';
import type { StripeAccount } from './stripe-account.js';

export type ChargeResult = { status: 'succeeded'; captured: boolean } | { status: 'pending' } | { status: 'failed'; decline: Decline };

/** One attempt to take money with a card. The caller adds it to the account once it is complete. */
export function newCharge(
  account: StripeAccount,
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod,
  result: ChargeResult,
): Stripe.Charge {
  const captured = result.status === 'succeeded' && result.captured;
  const decline = result.status === 'failed' ? result.decline : null;
  return {
    id: newObjectId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: captured ? intent.amount : 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: method.billing_details,
    calculated_statement_descriptor: intent.statement_descriptor ?? 'SIMULATOR',
    captured,
    created: account.clock.now(),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: outcomeOf(decline),
    paid: result.status === 'succeeded',
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: detailsOf(method, result.status === 'failed' ? null : intent.amount),
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: result.status,
    transfer_data: null,
    transfer_group: intent.transfer_group,
  };
}

export function listCharges(account: StripeAccount, request: StripeRequest): Stripe.ApiList<Stripe.Charge> {
  const { parameters } = request;
  return pageOf(account.charges, request, { owner: parameters.text('customer'), parent: parameters.text('payment_intent') });
}

export function retrieveCharge(account: StripeAccount, request: StripeRequest): Stripe.Charge {
  const id = request.captures[0] ?? '';
  const charge = account.charges.find(id);
  if (charge === undefined) throw noSuch('charge', id, 'id', 404);
  return charge;
}

function outcomeOf(decline: Decline | null): Stripe.Charge.Outcome {
  return {
    advice_code: decline?.adviceCode ?? null,
    network_advice_code: null,
    network_decline_code: decline?.networkCode ?? null,
    network_status: decline === null ? 'approved_by_network' : 'declined_by_network',
    reason: decline?.declineCode ?? null,
    risk_level: 'normal',
    risk_score: 20,
    seller_message: decline === null ? 'Payment complete.' : 'The bank did not return any further details with this decline.',
    type: decline === null ? 'authorized' : 'issuer_declined',
  };
}

function detailsOf(method: Stripe.PaymentMethod, amountAuthorized: number | null): Stripe.Charge.PaymentMethodDetails {
  const { card, type } = method;
  if (card === undefined) return { type };
  return {
    type,
    card: {
      amount_authorized: amountAuthorized,
      authorization_code: amountAuthorized === null ? null : randomText(6).toUpperCase(),
      brand: card.brand,
      checks: card.checks,
      country: card.country,
      electronic_commerce_indicator: null,
      exp_month: card.exp_month,
      exp_year: card.exp_year,
      fingerprint: card.fingerprint,
      funding: card.funding,
      installments: null,
      last4: card.last4,
      mandate: null,
      network: card.brand,
      network_transaction_id: null,
      regulated_status: card.regulated_status,
      three_d_secure: null,
      transaction_link_id: null,
      wallet: null,
    },
  };
}
