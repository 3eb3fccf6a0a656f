import { forget, whenever } from '#event-sourcing/reaction.js';
import { AccountErased } from '../account/account.events.js';

/** Together with the fact: once an erasure is confirmed, nobody can read the person any more. */
export const forgetPersonWhenAccountIsErased = whenever([AccountErased], 'with', ({ data }) => [forget(data.accountId, 'person')]);
