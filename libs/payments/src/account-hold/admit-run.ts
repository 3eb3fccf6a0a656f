import { Command } from '#event-sourcing/command.js';
import type { AccountId } from '#kernel/ids.js';
import { accountParked } from '../payment/payment.refusals.js';
import type { AccountHoldEvent } from './account-hold.events.js';
import type { AccountHold } from './account-hold.state.js';

/** The words with which a timer of a parked account is set aside: by them it is found again at the release. */
export const RUN_REFUSED = 'The billing of the account is parked.';

/**
 * Asks whether a timer that bills may do its work for an account. The refusal sets the timer aside before it does anything, so that
 * whatever was scheduled, and whenever, nothing of a parked account is billed by itself. A person's command is not held up: what
 * follows from it is recorded, and its payment withheld.
 */
export class AdmitRun extends Command('AdmitRun')<{ readonly accountId: AccountId }> {}

export function admitRun(_command: AdmitRun['data'], hold: AccountHold): AccountHoldEvent[] {
  switch (hold.status) {
    case 'free':
      return [];
    case 'parked':
      throw accountParked(RUN_REFUSED);
    default:
      return hold satisfies never;
  }
}
