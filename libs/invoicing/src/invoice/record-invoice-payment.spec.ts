import { specification } from '#event-sourcing/testing/specification.js';
import { derivedId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import { InvoiceDecider } from './invoice.decider.js';
import { anOpenInvoice, aPaidInvoice, collected, freeCharge, invoiceId, issued, line, paid, paymentId, usd } from './invoice.examples.js';
import { RecordInvoicePayment } from './record-invoice-payment.js';

const { given } = specification(InvoiceDecider);
const later = instant('2026-02-01T09:00:00Z');
const record = (changes: Partial<RecordInvoicePayment['data']> = {}) =>
  new RecordInvoicePayment({ invoiceId, paymentId, amount: usd(2900n), ...changes });

describe('Recording the payment of an invoice', () => {
  it('closes the invoice with a payment of exactly what is due', () => {
    given(anOpenInvoice())
      .when(record(), { now: later })
      .then(paid(2900n, paymentId, later));
  });

  it('by the same payment a second time changes nothing', () => {
    given(aPaidInvoice()).when(record(), { now: later }).thenNothing();
  });

  it('by another payment is refused', () => {
    given(aPaidInvoice())
      .when(record({ paymentId: derivedId(invoiceId, 'payment/2') }), { now: later })
      .thenRefused('payment_does_not_fit');
  });

  it.each([
    ['too little', usd(2899n)],
    ['too much', usd(2901n)],
    ['another currency', Money.of(2900n, 'EUR')],
  ])('of %s is refused', (_, amount) => {
    given(anOpenInvoice()).when(record({ amount }), { now: later }).thenRefused('payment_does_not_fit');
  });

  it('is refused for an invoice of nothing, which was paid with its issue', () => {
    given(issued(0n, line(freeCharge)), collected(0n), paid(0n, null))
      .when(record({ amount: usd(0n) }), { now: later })
      .thenRefused('payment_does_not_fit');
  });

  it('is refused for an invoice that does not exist', () => {
    given().when(record(), { now: later }).thenRefused('invoice_not_found');
  });
});
