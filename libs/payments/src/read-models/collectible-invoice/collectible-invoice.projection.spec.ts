import { ProjectedRows } from '#event-sourcing/testing/projected-rows.js';
import { CollectionDecided, InvoicePaid } from '#invoicing/contract.js';
import { Money } from '#kernel/money.js';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.js';
import { InvoiceAdmitted } from '../../account-hold/account-hold.events.js';
import { holdIdOf } from '../../account-hold/account-hold.state.js';
import { PaymentWithheld } from '../../payment/payment.events.js';
import {
  aFailedPayment,
  anAccountId,
  anAmount,
  anInvoiceId,
  aPaymentId,
  aPaymentInProcess,
  aPaymentUnknown,
  aRequestedPayment,
  aSucceededPayment,
  requestedAt,
} from '../../payment/payment.examples.js';
import { collectibleInvoice } from './collectible-invoice.projection.js';
import { attemptsAtInvoice } from './collectible-invoice.query.js';

const zero = Money.zero('USD');
const decided = new CollectionDecided({
  ...{
    invoiceId: anInvoiceId,
    accountId: anAccountId,
    creditApplied: zero,
    amountDue: anAmount,
    issuedAt: requestedAt,
    dueAt: requestedAt,
  },
});
const paid = new InvoicePaid({
  invoiceId: anInvoiceId,
  accountId: anAccountId,
  paymentId: aPaymentId,
  amountPaid: anAmount,
  paidAt: requestedAt,
});
const invoice = { streamId: anInvoiceId, events: [decided] };

describe('an invoice as far as collecting goes', () => {
  let testDatabase: TestDatabase;
  let rows: ProjectedRows;
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    rows = await ProjectedRows.open(testDatabase.url);
  });
  afterAll(async () => {
    await rows.close();
    await testDatabase.drop();
  });

  const payment = (events: ReturnType<typeof aRequestedPayment>) => ({ streamId: aPaymentId, events });

  it('is open with its amount due and without attempts, once it is decided', async () => {
    expect(await rows.rows(collectibleInvoice, invoice)).toMatchObject([
      { id: anInvoiceId, account_id: anAccountId, due_amount: '2900', currency: 'USD', is_open: true, attempts: 0, open_payment_id: null },
    ]);
    expect(await attemptsAtInvoice(rows.database, anInvoiceId)).toEqual({ accountId: anAccountId, attempts: 0 });
    expect(await attemptsAtInvoice(rows.database, aPaymentId as string as typeof anInvoiceId)).toBeNull();
  });

  it.each([
    ['was requested (PaymentRequested)', aRequestedPayment()],
    ['is in process (PaymentIntentOpened)', aPaymentInProcess()],
    ['has an unknown outcome (PaymentOutcomeUnknown)', aPaymentUnknown()],
  ])('knows the attempt that %s', async (_, events) => {
    expect(await rows.rows(collectibleInvoice, invoice, payment(events))).toMatchObject([
      { is_open: true, attempts: 1, open_payment_id: aPaymentId },
    ]);
  });

  it('can be attempted again after PaymentFailed', async () => {
    expect(await rows.rows(collectibleInvoice, invoice, payment(aFailedPayment()))).toMatchObject([
      { is_open: true, attempts: 1, open_payment_id: null },
    ]);
  });

  it('is not open any more after PaymentSucceeded and InvoicePaid', async () => {
    const settled = await rows.rows(collectibleInvoice, invoice, payment(aSucceededPayment()), { streamId: anInvoiceId, events: [paid] });
    expect(settled).toMatchObject([{ is_open: false, attempts: 1, open_payment_id: null }]);
  });

  it('is known to be counted after InvoiceAdmitted', async () => {
    const hold = { streamId: holdIdOf(anAccountId), events: [] };
    const admitted = new InvoiceAdmitted({ accountId: anAccountId, invoiceId: anInvoiceId, amount: anAmount, issuedAt: requestedAt });
    expect(await rows.rows(collectibleInvoice, invoice, hold)).toMatchObject([{ is_admitted: false }]);
    expect(await rows.rows(collectibleInvoice, invoice, { ...hold, events: [admitted] })).toMatchObject([{ is_admitted: true }]);
  });

  it('is withheld from PaymentWithheld to PaymentRequested', async () => {
    const ids = { paymentId: aPaymentId, invoiceId: anInvoiceId, accountId: anAccountId };
    const withheld = new PaymentWithheld({
      ...ids,
      amount: anAmount,
      issuedAt: requestedAt,
      reason: 'account_parked',
      unadmittedLately: 0,
      withheldAt: requestedAt,
    });
    expect(await rows.rows(collectibleInvoice, invoice, { streamId: aPaymentId, events: [withheld] })).toMatchObject([
      { is_withheld: true, attempts: 0 },
    ]);
    expect(
      await rows.rows(collectibleInvoice, invoice, { streamId: aPaymentId, events: [withheld, ...aRequestedPayment()] }),
    ).toMatchObject([{ is_withheld: false, attempts: 1 }]);
  });
});
