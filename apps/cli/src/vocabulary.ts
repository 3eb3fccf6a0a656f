import { accountsContext } from '#accounts/accounts.context.js';
import { catalogContext } from '#catalog/catalog.context.js';
import { Vocabulary } from '#event-sourcing/vocabulary.js';
import { invoicingContext } from '#invoicing/invoicing.context.js';
import { paymentsContext } from '#payments/payments.context.js';
import { subscriptionsContext } from '#subscriptions/subscriptions.context.js';
import { testClocksContext } from '#test-clocks/test-clocks.context.js';
import { usageContext } from '#usage/usage.context.js';

/** What the whole system can say and hear, without starting it. A test holds it to what the processes are made of. */
export function wholeVocabulary(): Vocabulary {
  const vocabulary = new Vocabulary();
  for (const context of [
    accountsContext,
    catalogContext,
    subscriptionsContext,
    usageContext,
    invoicingContext,
    paymentsContext,
    testClocksContext,
  ]) {
    vocabulary.register(context);
  }
  return vocabulary;
}
