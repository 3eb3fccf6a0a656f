import { Command } from '#event-sourcing/command.js';
import type { DecisionContext } from '#event-sourcing/decider.js';
import type { AccountId, InvoiceId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Money } from '#kernel/money.js';
import { MOST_INVOICES_A_DAY } from '../payment/payment.policies.js';
import { type AccountHoldEvent, AccountParked, InvoiceAdmitted } from './account-hold.events.js';
import { type AccountHold, isWithinADay } from './account-hold.state.js';

/**
 * Asks whether the payment of one more invoice of a busy day may be requested. The count is kept here, where each command sees
 * those before it, also of the same batch; the invoices of the day that came before anybody counted are told by the command.
 */
export class AdmitInvoice extends Command('AdmitInvoice')<{
  readonly accountId: AccountId;
  readonly invoiceId: InvoiceId;
  readonly amount: Money;
  readonly issuedAt: Instant;
  readonly unadmittedLately: number;
}> {}

export function admitInvoice(command: AdmitInvoice['data'], hold: AccountHold, { now }: DecisionContext): AccountHoldEvent[] {
  const { accountId, invoiceId, amount, issuedAt, unadmittedLately } = command;
  switch (hold.status) {
    case 'parked':
      return [];
    case 'free': {
      if (hold.admitted.some((admitted) => admitted.invoiceId === invoiceId)) return [];
      const admittedLately = hold.admitted.filter((admitted) => isWithinADay(admitted.issuedAt, issuedAt)).length;
      if (unadmittedLately + admittedLately < MOST_INVOICES_A_DAY) {
        return [new InvoiceAdmitted({ accountId, invoiceId, amount, issuedAt })];
      }
      const details = `The invoice ${invoiceId} was one too many for a day.`;
      return [new AccountParked({ accountId, reason: 'too_many_invoices', details, parkedAt: now })];
    }
    default:
      return hold satisfies never;
  }
}
