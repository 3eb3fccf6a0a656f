import type Stripe from 'stripe';
import { pageOf } from '../http/pages.js';
import { invalidParameter, noSuch, notAllowed } from '../http/stripe-failure.js';
import type { StripeRequest } from '../http/stripe-request.js';
import type { Origin } from '../state/event-log.js';
import { newObjectId, randomText } from '../state/object-ids.js';
import { bookMovement } from './balance-transactions.js';
import type { StripeAccount } from './stripe-account.js';

const reasons = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;

/** Gives back all or part of a charge, never more than is left of it. */
export function createRefund(account: StripeAccount, request: StripeRequest): Stripe.Refund {
  const { parameters } = request;
  const charge = refundedCharge(account, request);
  const left = charge.amount - charge.amount_refunded;
  if (charge.refunded || left === 0) {
    throw notAllowed(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded', charge: charge.id });
  }
  const amount = parameters.integer('amount') ?? left;
  if (amount < 1) throw invalidParameter('This value must be greater than or equal to 1.', 'amount', 'parameter_invalid_integer');
  if (amount > left) {
    throw notAllowed(`Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, { param: 'amount' });
  }
  const pending = account.cards.of(String(charge.payment_method)).refunds === 'pending';
  const refund = newRefund(account, charge, { amount, pending, request });
  account.refunds.add(refund);
  const after = addToCharge(account, charge, amount);
  account.events.ofRefund('refund.created', refund, request);
  account.events.ofCharge('charge.refunded', after, request, {
    amount_refunded: charge.amount_refunded,
    ...(after.refunded ? { refunded: false } : {}),
  });
  return refund;
}

export function updateRefund(account: StripeAccount, request: StripeRequest): Stripe.Refund {
  const before = retrieveRefund(account, request);
  const after = account.refunds.replace({ ...before, metadata: request.parameters.metadata(before.metadata ?? {}) });
  account.events.ofRefund('refund.updated', after, request, { metadata: before.metadata });
  return after;
}

export function retrieveRefund(account: StripeAccount, request: StripeRequest): Stripe.Refund {
  const id = request.captures[0] ?? '';
  const refund = account.refunds.find(id);
  if (refund === undefined) throw noSuch('refund', id, 'id', 404);
  return refund;
}

export function listRefunds(account: StripeAccount, request: StripeRequest): Stripe.ApiList<Stripe.Refund> {
  const { parameters } = request;
  return pageOf(account.refunds, request, { owner: parameters.text('payment_intent'), parent: parameters.text('charge') });
}

/** The bank's late answer to a refund: a pending one succeeds, or any one fails and the money returns to the balance. */
export function settleRefund(account: StripeAccount, refund: Stripe.Refund, outcome: 'succeed' | 'fail', origin: Origin): Stripe.Refund {
  const previous = { status: refund.status };
  if (outcome === 'succeed') {
    const succeeded = account.refunds.replace({ ...refund, status: 'succeeded', pending_reason: undefined });
    account.events.ofRefund('refund.updated', succeeded, origin, previous);
    return succeeded;
  }
  const returned = bookMovement(account, {
    type: 'refund_failure',
    amount: refund.amount,
    currency: refund.currency,
    source: refund.id,
    description: 'REFUND FAILURE',
  });
  const failed = account.refunds.replace({
    ...refund,
    failure_balance_transaction: returned.id,
    failure_reason: 'expired_or_canceled_card',
    pending_reason: undefined,
    status: 'failed',
  });
  const charge = account.charges.find(String(refund.charge));
  if (charge !== undefined) addToCharge(account, charge, -refund.amount);
  account.events.ofRefund('refund.updated', failed, origin, previous);
  account.events.ofRefund('refund.failed', failed, origin, previous);
  return failed;
}

function newRefund(
  account: StripeAccount,
  charge: Stripe.Charge,
  { amount, pending, request }: { amount: number; pending: boolean; request: StripeRequest },
): Stripe.Refund {
  const id = newObjectId('re');
  const booked = bookMovement(account, {
    type: 'refund',
    amount: -amount,
    currency: charge.currency,
    source: id,
    description: charge.description === null ? null : `REFUND FOR CHARGE (${charge.description})`,
  });
  return {
    id,
    object: 'refund',
    amount,
    balance_transaction: booked.id,
    charge: charge.id,
    created: account.clock.now(),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: {
      card: {
        reference: randomText(8).toUpperCase(),
        reference_status: 'available',
        reference_type: 'acquirer_reference_number',
        type: 'refund',
      },
      type: 'card',
    },
    metadata: request.parameters.metadata(),
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    ...(pending ? { pending_reason: 'processing' } : {}),
    reason: request.parameters.oneOf('reason', reasons) ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: pending ? 'pending' : 'succeeded',
    transfer_reversal: null,
  };
}

function addToCharge(account: StripeAccount, charge: Stripe.Charge, amount: number): Stripe.Charge {
  const refunded = charge.amount_refunded + amount;
  return account.charges.replace({ ...charge, amount_refunded: refunded, refunded: refunded === charge.amount });
}

function refundedCharge(account: StripeAccount, request: StripeRequest): Stripe.Charge {
  const { parameters } = request;
  const intentId = parameters.text('payment_intent');
  const chargeId = parameters.text('charge');
  if (intentId === undefined && chargeId === undefined) {
    throw invalidParameter('One of the following params should be provided for this request: payment_intent or charge.', 'payment_intent');
  }
  const charge = chargeId === undefined ? chargeOfIntent(account, String(intentId)) : account.charges.find(chargeId);
  if (charge === undefined) throw noSuch('charge', String(chargeId), 'charge', 400);
  if (!charge.captured)
    throw notAllowed(`Charge ${charge.id} was not captured, so it cannot be refunded.`, { code: 'charge_not_refundable' });
  return charge;
}

function chargeOfIntent(account: StripeAccount, id: string): Stripe.Charge {
  const intent = account.paymentIntents.find(id);
  if (intent === undefined) throw noSuch('payment_intent', id, 'payment_intent', 400);
  const charge = intent.status === 'succeeded' ? account.charges.find(String(intent.latest_charge)) : undefined;
  if (charge === undefined) {
    throw notAllowed(`This PaymentIntent (${id}) does not have a successful charge to refund.`, {
      code: 'payment_intent_unexpected_state',
      payment_intent: intent,
    });
  }
  return charge;
}
