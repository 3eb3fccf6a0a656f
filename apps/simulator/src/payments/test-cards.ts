import type { CardBehavior, CardOutcome } from './card-behavior.js';

/** One of Stripe's test cards. Source: docs.stripe.com/testing. */
export interface TestCard {
  brand: string;
  last4: string;
  funding: 'credit' | 'debit' | 'prepaid';
  behavior: CardBehavior;
}

function card(brand: string, last4: string, funding: TestCard['funding'] = 'credit', outcome: CardOutcome = { kind: 'succeed' }): TestCard {
  return { brand, last4, funding, behavior: { outcome, attemptsLeft: null, refunds: 'succeed' } };
}

function declining(last4: string, declineCode: string): TestCard {
  return card('visa', last4, 'credit', { kind: 'decline', declineCode });
}

function refunding(last4: string, refunds: CardBehavior['refunds']): TestCard {
  const plain = card('visa', last4);
  return { ...plain, behavior: { ...plain.behavior, refunds } };
}

const genericDecline = declining('0002', 'generic_decline');
const insufficientFunds = declining('9995', 'insufficient_funds');
const lost = declining('9987', 'lost_card');
const stolen = declining('9979', 'stolen_card');
const expired = declining('0069', 'expired_card');
const wrongCvc = declining('0127', 'incorrect_cvc');
const processingError = declining('0119', 'processing_error');
const tooFrequent = declining('6975', 'card_velocity_exceeded');
const alwaysAuthenticate = card('visa', '3184', 'credit', { kind: 'authenticate', when: 'always' });

/** Stripe writes most declining cards both as `pm_card_visa_chargeDeclined…` and, in older pages, without the brand. */
const byToken = new Map<string, TestCard>([
  ['pm_card_visa', card('visa', '4242')],
  ['pm_card_visa_debit', card('visa', '5556', 'debit')],
  ['pm_card_mastercard', card('mastercard', '4444')],
  ['pm_card_mastercard_debit', card('mastercard', '8210', 'debit')],
  ['pm_card_mastercard_prepaid', card('mastercard', '5100', 'prepaid')],
  ['pm_card_amex', card('amex', '8431')],
  ['pm_card_discover', card('discover', '9424')],
  ['pm_card_diners', card('diners', '0004')],
  ['pm_card_jcb', card('jcb', '0505')],
  ['pm_card_unionpay', card('unionpay', '0005')],
  ['pm_card_chargeDeclined', genericDecline],
  ['pm_card_visa_chargeDeclined', genericDecline],
  ['pm_card_chargeDeclinedInsufficientFunds', insufficientFunds],
  ['pm_card_visa_chargeDeclinedInsufficientFunds', insufficientFunds],
  ['pm_card_chargeDeclinedLostCard', lost],
  ['pm_card_visa_chargeDeclinedLostCard', lost],
  ['pm_card_chargeDeclinedStolenCard', stolen],
  ['pm_card_visa_chargeDeclinedStolenCard', stolen],
  ['pm_card_chargeDeclinedExpiredCard', expired],
  ['pm_card_chargeDeclinedIncorrectCvc', wrongCvc],
  ['pm_card_chargeDeclinedProcessingError', processingError],
  ['pm_card_visa_chargeDeclinedVelocityLimitExceeded', tooFrequent],
  ['pm_card_chargeDeclinedVelocityLimitExceeded', tooFrequent],
  ['pm_card_chargeDeclinedFraudulent', declining('0019', 'fraudulent')],
  ['pm_card_chargeCustomerFail', declining('0341', 'generic_decline')],
  ['pm_card_authenticationRequired', alwaysAuthenticate],
  ['pm_card_authenticationRequiredOnSetup', card('visa', '3155', 'credit', { kind: 'authenticate', when: 'until_set_up' })],
  [
    'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds',
    card('visa', '3178', 'credit', { kind: 'authenticate', when: 'always', thenDeclineCode: 'insufficient_funds' }),
  ],
  ['pm_card_authenticationRequiredSetupForOffSession', card('visa', '0446')],
  ['pm_card_threeDSecure2Required', card('visa', '3220', 'credit', { kind: 'authenticate', when: 'always' })],
  ['pm_card_refundFail', refunding('5126', 'fail')],
  ['pm_card_pendingRefund', refunding('7726', 'pending')],
]);

export function testCard(token: string): TestCard | undefined {
  return byToken.get(token);
}

export function testCardTokens(): string[] {
  return [...byToken.keys()];
}
