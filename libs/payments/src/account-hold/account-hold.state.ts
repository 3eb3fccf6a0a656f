import { type AccountId, derivedId, type Id } from '#kernel/ids.js';
import type { AccountHoldEvent } from './account-hold.events.js';

export interface AccountHold {
  readonly isParked: boolean;
}

export const initialState: AccountHold = { isParked: false };

/** Each account has one hold, in its own bucket. */
export function holdIdOf(accountId: AccountId): Id<'account-hold'> {
  return derivedId(accountId, 'hold');
}

export function evolve(_hold: AccountHold, event: AccountHoldEvent): AccountHold {
  return { isParked: event.type === 'AccountParked' };
}
