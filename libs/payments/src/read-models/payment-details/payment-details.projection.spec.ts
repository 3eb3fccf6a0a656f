import { postgresError } from '#event-sourcing/sql.js';
import { ProjectedRows } from '#event-sourcing/testing/projected-rows.js';
import { Money } from '#kernel/money.js';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.js';
import type { PaymentEvent } from '../../payment/payment.events.js';
import { PaymentRequested, PaymentSucceeded } from '../../payment/payment.events.js';
import {
  aFailedPayment,
  anAccountId,
  anInvoiceId,
  aPaymentId,
  aPaymentInProcess,
  aPaymentUnknown,
  aRequest,
  aRequestedPayment,
  aSucceededPayment,
  requestedAt,
  success,
} from '../../payment/payment.examples.js';
import { paymentIdOf } from '../../payment/request-payment.js';
import { paymentDetails } from './payment-details.projection.js';
import { type PaymentRow, paymentView } from './payment-details.query.js';

describe('the details of a payment', () => {
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

  const rowAfter = async (events: readonly PaymentEvent[]) => {
    const [row] = await rows.rows(paymentDetails, { streamId: aPaymentId, events });
    return row as unknown as PaymentRow & { intent_id: string; charge_id: string };
  };

  it('are those of PaymentRequested, before the gateway was asked', async () => {
    const row = await rowAfter(aRequestedPayment());
    expect(row).toMatchObject({ version: '1', intent_id: null, charge_id: null });
    expect(paymentView(row)).toEqual({
      ...{ id: aPaymentId, invoiceId: anInvoiceId, accountId: anAccountId, amount: Money.of(2900n, 'USD') },
      ...{ status: 'pending', attempt: 1, failure: null, unapplied: null, nextRetryAt: null, createdAt: requestedAt, settledAt: null },
    });
  });

  it('show that it is processed after PaymentIntentOpened', async () => {
    expect(await rowAfter(aPaymentInProcess())).toMatchObject({ status: 'processing', intent_id: 'pi_1', version: '2' });
  });

  it('show that its outcome is unknown after PaymentOutcomeUnknown', async () => {
    expect(await rowAfter(aPaymentUnknown())).toMatchObject({ status: 'unknown', intent_id: 'pi_1', settled_at: null, version: '3' });
  });

  it('show when it succeeded after PaymentSucceeded', async () => {
    const row = await rowAfter(aSucceededPayment());
    expect(row).toMatchObject({ charge_id: 'ch_1', version: '3' });
    expect(paymentView(row)).toMatchObject({ status: 'succeeded', settledAt: requestedAt, failure: null });
  });

  it('show that PaymentSucceeded brought money that the invoice did not take', async () => {
    const [, opened] = aPaymentInProcess();
    const unapplied = new PaymentSucceeded({ ...success.data, unapplied: 'payment_does_not_fit' });
    expect(paymentView(await rowAfter([aRequest, opened!, unapplied]))).toMatchObject({
      status: 'succeeded',
      unapplied: 'payment_does_not_fit',
    });
  });

  it('show why it failed after PaymentFailed', async () => {
    expect(paymentView(await rowAfter(aFailedPayment()))).toMatchObject({
      status: 'failed',
      settledAt: requestedAt,
      failure: { code: 'insufficient_funds', message: 'Your card has insufficient funds.' },
    });
  });

  describe('of several attempts at an invoice', () => {
    const second = new PaymentRequested({ ...aRequest.data, paymentId: paymentIdOf(anInvoiceId, 2), attempt: 2 });
    const attempt = { streamId: second.data.paymentId, events: [second] };
    beforeEach(() => rows.empty(paymentDetails));

    it('let one follow another that has failed', async () => {
      await rows.add(paymentDetails, { streamId: aPaymentId, events: aFailedPayment() }, attempt);
      expect(await rows.database.query('select id from payments.payment_details')).toHaveLength(2);
    });

    it.each([
      ['requested', aRequestedPayment()],
      ['in process', aPaymentInProcess()],
      ['of unknown outcome', aPaymentUnknown()],
    ])('let none stand beside one that is %s: the database refuses it', async (_, events) => {
      await rows.add(paymentDetails, { streamId: aPaymentId, events });
      const refused = await rows.add(paymentDetails, attempt).catch(postgresError);
      expect(refused).toMatchObject({ code: '23505', constraint: 'payment_open_attempt' });
    });
  });
});
