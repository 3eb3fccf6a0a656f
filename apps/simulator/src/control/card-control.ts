import type Stripe from 'stripe';
import { z } from 'zod';
import { StripeFailure } from '../http/stripe-failure.js';
import type { CardOutcome } from '../payments/card-behavior.js';
import { declineCodes } from '../payments/declines.js';
import { decline, failAuthentication, succeed } from '../payments/payment-attempt.js';
import { settleRefund } from '../resources/refunds.js';
import { noRequest } from '../state/event-log.js';
import type { ControlApi } from './control-api.js';
import { bodyOf, ControlRefusal, type ControlRequest } from './control-request.js';
import type { Controlled } from './controlled.js';

const declineCode = z.enum(declineCodes());

const behavior = z.strictObject({
  outcome: z.enum(['succeed', 'decline', 'authenticate', 'process']),
  code: declineCode.default('generic_decline'),
  times: z.int().min(1).nullable().default(null),
  refunds: z.enum(['succeed', 'fail', 'pending']).default('succeed'),
});

const settlement = z.strictObject({ outcome: z.enum(['succeed', 'fail']), code: declineCode.default('generic_decline') });

/** What cards and banks do: from now on, or later than the request that asked. */
export function controlCards(control: ControlApi, { account, stripe }: Controlled): void {
  control.on('POST', '/payment_methods/:id/behavior', (request) => {
    const { outcome, code, times, refunds } = bodyOf(request, behavior);
    const id = request.captures[0] ?? '';
    if (account.paymentMethods.find(id) === undefined) throw new ControlRefusal(404, `There is no payment method ${id}.`);
    stripe.change(() => account.cards.set(id, { outcome: outcomeOf(outcome, code), attemptsLeft: times, refunds }));
    return account.cards.of(id);
  });

  control.on('POST', '/payment_intents/:id/authenticate', (request) => {
    const { outcome } = bodyOf(request, settlement);
    const { intent, method } = intentIn(request, 'requires_action');
    const behaves = account.cards.of(method.id).outcome;
    const then = behaves.kind === 'authenticate' ? behaves.thenDeclineCode : undefined;
    return stripe.change(() => {
      if (outcome === 'fail') return failAuthentication(account, intent, method, noRequest);
      return then === undefined ? succeed(account, intent, method, noRequest) : declined(intent, method, then);
    });
  });

  control.on('POST', '/payment_intents/:id/settle', (request) => {
    const { outcome, code } = bodyOf(request, settlement);
    const { intent, method } = intentIn(request, 'processing');
    return stripe.change(() => (outcome === 'succeed' ? succeed(account, intent, method, noRequest) : declined(intent, method, code)));
  });

  control.on('POST', '/refunds/:id/settle', (request) => {
    const { outcome } = bodyOf(request, settlement);
    const refund = account.refunds.find(request.captures[0] ?? '');
    if (refund === undefined) throw new ControlRefusal(404, 'There is no such refund.');
    if (refund.status === 'failed') throw new ControlRefusal(409, 'The refund has failed already.');
    return stripe.change(() => settleRefund(account, refund, outcome, noRequest));
  });

  function intentIn(request: ControlRequest, status: string): { intent: Stripe.PaymentIntent; method: Stripe.PaymentMethod } {
    const intent = account.paymentIntents.find(request.captures[0] ?? '');
    if (intent === undefined) throw new ControlRefusal(404, 'There is no such payment intent.');
    if (intent.status !== status) throw new ControlRefusal(409, `The payment intent is ${intent.status}, not ${status}.`);
    const method = account.paymentMethods.find(String(intent.payment_method));
    if (method === undefined) throw new ControlRefusal(409, 'The payment intent has no payment method.');
    return { intent, method };
  }

  function declined(intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod, code: string): Stripe.PaymentIntent | undefined {
    const failure: StripeFailure = decline(account, intent, method, code, noRequest);
    return failure.body.payment_intent;
  }
}

function outcomeOf(kind: CardOutcome['kind'], code: string): CardOutcome {
  if (kind === 'decline') return { kind, declineCode: code };
  if (kind === 'authenticate') return { kind, when: 'always' };
  return { kind };
}
