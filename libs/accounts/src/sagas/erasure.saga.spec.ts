import { forget } from '#event-sourcing/reaction.js';
import { reactionOf } from '#event-sourcing/testing/specification.js';
import { AccountErased } from '../account/account.events.js';
import { accountId } from '../account/account.examples.js';
import { forgetPersonWhenAccountIsErased } from './erasure.saga.js';

it('The key of the person goes with the account that is erased, and what invoices must keep stays', () => {
  reactionOf(forgetPersonWhenAccountIsErased)
    .when(new AccountErased({ accountId, reason: 'asked for' }))
    .then(forget(accountId, 'person'));
});
