import type { ContextDefinition } from '#event-sourcing/vocabulary.js';
import { AccountDecider } from './account/account.decider.js';
import { accountDetails } from './read-models/account-details/account-details.projection.js';
import { paymentMethods } from './read-models/payment-method/payment-method.projection.js';
import { forgetPersonWhenAccountIsErased } from './sagas/erasure.saga.js';

export const accountsContext: ContextDefinition = {
  name: 'accounts',
  deciders: [AccountDecider],
  reactions: { forgetPersonWhenAccountIsErased },
  readModels: [accountDetails, paymentMethods],
};
