import { fold } from '#event-sourcing/decider.js';
import { plusMs } from '#kernel/instant.js';
import type { Intent, IntentState } from '../gateways/payment-gateway.js';
import { firstStep, KEYS_HOLD_MS, stepAfter } from './collection.policies.js';
import { PaymentDecider } from './payment.decider.js';
import type { PaymentEvent } from './payment.events.js';
import {
  aDecline,
  aFailedPayment,
  anAmount,
  aPaymentId,
  aPaymentInProcess,
  aPaymentUnknown,
  aPaymentUnknownBeforeItsIntent,
  aRequestedPayment,
  aSucceededPayment,
  askedAt,
} from './payment.examples.js';

const soon = plusMs(askedAt, KEYS_HOLD_MS - 1);
const late = plusMs(askedAt, KEYS_HOLD_MS);
const intent = (state: IntentState): Intent => ({ intentId: 'pi_1', customerId: 'cus_1', amount: anAmount, paymentId: aPaymentId, state });

describe('collecting a payment', () => {
  it.each<[string, PaymentEvent[], string]>([
    ['creates the intent of a payment that is only requested', aRequestedPayment(), 'open'],
    ['asks first when a run ended before its confirmation was answered', aPaymentInProcess(), 'ask'],
    ['asks first when the intent may or may not have been made', aPaymentUnknownBeforeItsIntent(), 'ask'],
    ['asks first when the charge may or may not have been made', aPaymentUnknown(), 'ask'],
    ['has nothing to do for a payment that succeeded', aSucceededPayment(), 'nothing'],
    ['has nothing to do for a payment that failed', aFailedPayment(), 'nothing'],
    ['has nothing to do for a payment that nobody requested', [], 'nothing'],
  ])('%s', (_, history, step) => {
    expect(firstStep(fold(PaymentDecider, history), true).step).toBe(step);
  });

  it('asks first in every run but the first, whatever the one before has left', () => {
    expect(firstStep(fold(PaymentDecider, aRequestedPayment()), false).step).toBe('ask');
  });

  it('repeats creating and confirming for 23 hours, while the gateway knows the keys', () => {
    expect(stepAfter(null, askedAt, soon)).toEqual({ step: 'open' });
    expect(stepAfter(intent({ status: 'unconfirmed' }), askedAt, soon)).toEqual({ step: 'confirm', intentId: 'pi_1' });
  });

  it('neither creates nor confirms after 23 hours: what was never confirmed is taken back and has failed', () => {
    expect(KEYS_HOLD_MS).toBe(23 * 3600 * 1000);
    expect(stepAfter(null, askedAt, late)).toMatchObject({
      step: 'record',
      outcome: { result: 'failed', intentId: null, failure: { code: 'gateway_unreachable', hard: false } },
    });
    expect(stepAfter(intent({ status: 'unconfirmed' }), askedAt, late)).toMatchObject({
      step: 'cancel',
      intentId: 'pi_1',
      failure: { code: 'gateway_unreachable' },
    });
  });

  it('believes the gateway at any time', () => {
    for (const now of [soon, late]) {
      expect(stepAfter(intent({ status: 'succeeded', chargeId: 'ch_1', amount: anAmount }), askedAt, now)).toEqual({
        step: 'record',
        outcome: { result: 'succeeded', intentId: 'pi_1', chargeId: 'ch_1', amount: anAmount },
      });
      expect(stepAfter(intent({ status: 'failed', failure: aDecline }), askedAt, now)).toEqual({
        step: 'record',
        outcome: { result: 'failed', intentId: 'pi_1', failure: aDecline },
      });
      expect(stepAfter(intent({ status: 'canceled' }), askedAt, now)).toMatchObject({
        step: 'record',
        outcome: { result: 'failed', failure: { code: 'payment_canceled' } },
      });
      expect(stepAfter(intent({ status: 'processing' }), askedAt, now)).toEqual({ step: 'wait' });
    }
  });

  it('gives up where the customer would have to authenticate, and makes sure that it is not charged later', () => {
    expect(stepAfter(intent({ status: 'requires_action' }), askedAt, soon)).toMatchObject({
      step: 'cancel',
      intentId: 'pi_1',
      failure: { code: 'authentication_required', hard: false },
    });
  });
});
