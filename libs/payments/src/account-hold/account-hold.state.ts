import { type AccountId, derivedId, type Id, type InvoiceId } from '#kernel/ids.js';
import { epochMs, type Instant } from '#kernel/instant.js';
import type { AccountHoldEvent } from './account-hold.events.js';

const DAY_MS = 24 * 60 * 60 * 1000;

interface AdmittedInvoice {
  readonly invoiceId: InvoiceId;
  readonly issuedAt: Instant;
}

/** `admitted` are the invoices that were counted here: those of a day before the latest one, after the last release. */
export type AccountHold = { readonly status: 'free'; readonly admitted: readonly AdmittedInvoice[] } | { readonly status: 'parked' };

export const initialState: AccountHold = { status: 'free', admitted: [] };

/** Each account has one hold, in its own bucket. */
export function holdIdOf(accountId: AccountId): Id<'account-hold'> {
  return derivedId(accountId, 'hold');
}

/** Whether both were issued within 24 hours, the other one not after. */
export function isWithinADay(other: Instant, issuedAt: Instant): boolean {
  return other <= issuedAt && epochMs(other) > epochMs(issuedAt) - DAY_MS;
}

export function evolve(hold: AccountHold, event: AccountHoldEvent): AccountHold {
  switch (event.type) {
    case 'AccountParked':
      return { status: 'parked' };
    case 'AccountReleased':
      return { status: 'free', admitted: [] };
    case 'InvoiceAdmitted':
      return afterAdmitting(hold, event.data);
    default:
      return event satisfies never;
  }
}

function afterAdmitting(hold: AccountHold, { invoiceId, issuedAt }: AdmittedInvoice): AccountHold {
  switch (hold.status) {
    case 'parked':
      throw new Error('An invoice was admitted although the account is parked.');
    case 'free': {
      const recent = hold.admitted.filter((other) => other.issuedAt > issuedAt || isWithinADay(other.issuedAt, issuedAt));
      return { ...hold, admitted: [...recent, { invoiceId, issuedAt }] };
    }
    default:
      return hold satisfies never;
  }
}
