import { type AccountId, derivedId, type Id } from '#kernel/ids.js';
import type { AccountHoldEvent } from './account-hold.events.js';

export type AccountHold = { readonly status: 'free' } | { readonly status: 'parked' };

export const initialState: AccountHold = { status: 'free' };

/** Each account has one hold, in its own bucket. */
export function holdIdOf(accountId: AccountId): Id<'account-hold'> {
  return derivedId(accountId, 'hold');
}

export function evolve(_hold: AccountHold, event: AccountHoldEvent): AccountHold {
  switch (event.type) {
    case 'AccountParked':
      return { status: 'parked' };
    case 'AccountReleased':
      return { status: 'free' };
    default:
      return event satisfies never;
  }
}
