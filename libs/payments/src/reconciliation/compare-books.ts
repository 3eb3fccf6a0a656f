import type { PaymentId } from '#kernel/ids.js';
import type { Money } from '#kernel/money.js';
import type { GatewayMovement } from '../gateways/payment-gateway.js';
import type { PaymentStatus } from '../payment/payment.state.js';

/** A payment of ours, with what the ledger moved for it to or from the gateway's cash. */
export interface BookedPayment {
  readonly paymentId: PaymentId;
  readonly intentId: string | null;
  readonly status: PaymentStatus;
  readonly amount: Money;
  /** Null when the ledger has no posting of it. */
  readonly inLedger: Money | null;
}

export type DifferenceKind = 'unknown_at_us' | 'unknown_at_gateway' | 'amount_differs' | 'pending';

/** Where the gateway, our payments and our ledger do not say the same. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** The gateway's name of it where it has one, else ours. */
  readonly objectId: string;
  /** Where it can be asked about again. */
  readonly intentId: string | null;
  readonly paymentId: PaymentId | null;
  readonly atGateway: Money | null;
  readonly inPayments: Money | null;
  readonly inLedger: Money | null;
  readonly explanation: string;
}

/** Money moved at the gateway: what is wrong with how we booked it; null when all three agree to the cent. */
export function compareMovement(movement: GatewayMovement, booked: BookedPayment | undefined): Difference | null {
  const { amount: atGateway } = movement;
  const ours = booked && movement.kind === 'charge' && booked.intentId === movement.intentId ? booked : undefined;
  if (!ours) return unknownAtUs(movement, booked);
  switch (ours.status) {
    case 'pending':
    case 'processing':
    case 'unknown':
      return differenceOf(ours, 'pending', atGateway, `The gateway has charged it; our payment is still ${ours.status}.`);
    case 'failed':
      return differenceOf(ours, 'unknown_at_us', atGateway, `The gateway has charged it although our payment is ${ours.status}.`);
    case 'succeeded':
      return compareAmounts(ours, atGateway);
    default:
      return ours.status satisfies never;
  }
}

/** A payment that we have booked as taken, and what the gateway says of it when asked: null when it knows of no money. */
export function compareBooked(booked: BookedPayment, atGateway: Money | null): Difference | null {
  if (atGateway) return compareAmounts(booked, atGateway);
  return differenceOf(booked, 'unknown_at_gateway', null, 'We have booked it as charged, and the gateway has taken nothing.');
}

function compareAmounts(booked: BookedPayment, atGateway: Money): Difference | null {
  const { amount, inLedger } = booked;
  if (!sameMoney(atGateway, amount)) {
    return differenceOf(booked, 'amount_differs', atGateway, `The gateway took ${atGateway}, our payment says ${amount}.`);
  }
  if (!inLedger)
    return differenceOf(booked, 'amount_differs', atGateway, `The gateway took ${atGateway}, our ledger has no posting of it.`);
  if (sameMoney(inLedger, amount)) return null;
  return differenceOf(booked, 'amount_differs', atGateway, `The gateway took ${atGateway}, our ledger says ${inLedger}.`);
}

function unknownAtUs({ kind, objectId, intentId, amount }: GatewayMovement, named: BookedPayment | undefined): Difference {
  const what = kind === 'refund' ? 'The gateway has paid it back, and no refund of ours says so.' : 'No payment of ours has asked for it.';
  const claim = named ? ` It names our payment ${named.paymentId}, which has the intent ${named.intentId ?? 'none'}.` : '';
  const ours = { paymentId: named?.paymentId ?? null, inPayments: null, inLedger: null };
  return {
    kind: 'unknown_at_us',
    objectId,
    intentId: kind === 'charge' ? intentId : null,
    ...ours,
    atGateway: amount,
    explanation: what + claim,
  };
}

function differenceOf(booked: BookedPayment, kind: DifferenceKind, atGateway: Money | null, explanation: string): Difference {
  const { paymentId, intentId, amount, inLedger } = booked;
  const inPayments = hasTaken(booked) ? amount : null;
  return { kind, objectId: intentId ?? paymentId, intentId, paymentId, atGateway, inPayments, inLedger, explanation };
}

function hasTaken({ status }: BookedPayment): boolean {
  switch (status) {
    case 'pending':
    case 'processing':
    case 'unknown':
    case 'failed':
      return false;
    case 'succeeded':
      return true;
    default:
      return status satisfies never;
  }
}

const sameMoney = (a: Money, b: Money): boolean => a.currency === b.currency && a.amount === b.amount;
