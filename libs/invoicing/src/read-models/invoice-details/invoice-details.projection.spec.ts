import type { AnyEvent } from '#event-sourcing/domain-event.js';
import { derivedId, type InvoiceId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { rowById } from '#platform/sql/row-query.js';
import { restForm } from '#platform/views/rest-form.js';
import { ReadModelStage } from '../../../../../test/support/read-model-stage.js';
import { CollectionDecided, InvoiceDrafted, InvoiceIssued, invoiceEvents } from '../../invoice/invoice.events.js';
import {
  accountId,
  baseCharge,
  collected,
  freeCharge,
  invoiceId,
  issued,
  january31,
  line,
  paid,
  paymentId,
  period,
  seatsCharge,
  subscriptionId,
  usd,
} from '../../invoice/invoice.examples.js';
import { invoiceDetails } from './invoice-details.projection.js';
import { type InvoiceRow, invoiceRows, invoiceView } from './invoice-details.query.js';

const tomorrow = instant('2026-02-01T15:00:00Z');
const part = { numerator: '17', denominator: '30', unit: 'day' as const };
const lines = [line(baseCharge), line({ ...seatsCharge, proration: part }, 'Pro – Seats (17 of 30 days)')];
const invoiceIssued = new InvoiceIssued({ ...issued(5601n, ...lines).data, number: 'INV-2026-000042' });

let stage: ReadModelStage;
beforeAll(async () => {
  stage = await ReadModelStage.hearing(invoiceDetails, invoiceEvents);
});
afterAll(() => stage.close());

async function shown() {
  const row = await rowById<InvoiceRow>(stage.database, invoiceRows, invoiceId);
  return { ...invoiceView(row!), etag: row!.version };
}

describe('An invoice as it is shown', () => {
  const [zero, total] = [usd(0n), usd(5601n)];

  it('is open from InvoiceIssued on, with its lines as they were charged', async () => {
    await stage.tell(invoiceId, invoiceIssued);
    const [first, second] = lines.map(({ plan, net: _, taxCode: __, taxBehavior: ___, ...shownLine }) => ({
      ...shownLine,
      planVersion: plan!.version,
    }));
    expect(await shown()).toEqual({
      ...{ id: invoiceId, number: 'INV-2026-000042', accountId, subscriptionId, status: 'open', currency: 'USD' },
      ...{
        kind: 'period',
        cause: 'period/1',
        billTo: { accountId, particularsVersion: 1 },
        taxes: [],
        corrects: null,
        createdAt: january31,
      },
      ...{ subtotal: total, discount: zero, tax: zero, total, creditApplied: zero, amountDue: total, amountPaid: zero },
      ...{ issuedAt: january31, dueAt: instant('2026-02-14T15:00:00Z'), paidAt: null, lines: [first, second], supplements: null },
      etag: '1',
    });
  });

  it('has its amounts as exact numbers in REST', async () => {
    const { lines: restLines, ...rest } = restForm(invoiceView((await rowById<InvoiceRow>(stage.database, invoiceRows, invoiceId))!)) as {
      lines: object[];
      total: object;
    };
    expect(rest.total).toEqual({ amount: 5601, currency: 'USD' });
    expect(restLines[1]).toMatchObject({
      amount: { amount: 2701, currency: 'USD' },
      unitAmount: '900.25',
      quantity: '3',
      period,
      proration: part,
    });
  });

  it('owes what CollectionDecided leaves after credit', async () => {
    await stage.tell(invoiceId, new CollectionDecided({ ...collected(5000n).data, creditApplied: usd(601n) }));
    expect(await shown()).toMatchObject({ amountDue: usd(5000n), creditApplied: usd(601n), total, etag: '2' });
  });

  it('is paid after InvoicePaid, and owes nothing', async () => {
    await stage.tell(invoiceId, paid(5601n, paymentId, tomorrow));
    expect(await shown()).toMatchObject({ status: 'paid', amountDue: zero, amountPaid: total, total, paidAt: tomorrow, etag: '3' });
  });

  it('begins as a draft without a number, where it has one, and is issued with its day and number', async () => {
    const draftId: InvoiceId = derivedId(accountId, 'a draft');
    const { series: _, number: __, issuedAt: ___, ...contents } = invoiceIssued.data;
    await stage.tell(draftId, new InvoiceDrafted({ ...contents, invoiceId: draftId, draftedAt: january31, dueAt: null }));
    const shownDraft = async () => invoiceView((await rowById<InvoiceRow>(stage.database, invoiceRows, draftId))!);
    expect(await shownDraft()).toMatchObject({ status: 'draft', number: null, issuedAt: null, dueAt: null, createdAt: january31, total });
    await stage.tell(draftId, new InvoiceIssued({ ...invoiceIssued.data, invoiceId: draftId, issuedAt: tomorrow }));
    expect(await shownDraft()).toMatchObject({ status: 'open', number: 'INV-2026-000042', issuedAt: tomorrow, createdAt: january31 });
  });

  it('is the same when it is built anew from the events', async () => {
    const free = (event: AnyEvent & { data: object }): AnyEvent => {
      const data = { ...event.data, invoiceId: subscriptionId };
      return new (event.constructor as new (data: object) => AnyEvent)(data);
    };
    await stage.tell(subscriptionId, free(issued(0n, line(freeCharge))), free(collected(0n)), free(paid(0n, null)));
    expect(await stage.database.query('select id from invoicing.invoice_details')).toHaveLength(3);
    expect(await stage.deviations(invoiceDetails)).toEqual([]);
  });
});
