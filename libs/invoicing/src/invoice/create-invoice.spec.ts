import { specification } from '#event-sourcing/testing/specification.js';
import { derivedId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { type Charge, oneOffCharge } from '#pricing/charge.js';
import { CreateInvoice } from './create-invoice.js';
import { InvoiceDecider } from './invoice.decider.js';
import { CollectionDecided, InvoiceDrafted, InvoiceIssued } from './invoice.events.js';
import { accountId, anOpenInvoice, billing, collected, invoiceId, issued, january31, line } from './invoice.examples.js';

const { given } = specification(InvoiceDecider);
const at = { now: january31, facts: billing };
const written = { description: 'Consulting', quantity: '7.5', unitAmount: '12000', taxCode: null };
const create = (changes: Partial<CreateInvoice['data']> = {}) =>
  new CreateInvoice({ invoiceId, accountId, lines: [written], dueAt: null, draft: false, ...changes });

const charge: Charge = oneOffCharge({
  ...{ id: derivedId(invoiceId, 'charge/0'), name: 'Consulting', quantity: '7.5', unitAmount: '12000' },
  ...{ taxCode: null, currency: 'USD', at: january31 },
});
const oneOff = {
  ...issued(90_000n, line(charge, 'Consulting')).data,
  kind: 'oneOff',
  cause: `one-off/${invoiceId}`,
  subscriptionId: null,
} as const;

describe('US4: writing an invoice', () => {
  it('issues it at once, with what was written as its lines', () => {
    given().when(create(), at).then(new InvoiceIssued(oneOff), collected(90_000n));
  });

  it('keeps it as a draft where that is asked for, without a number and with nothing to collect', () => {
    const { series: _, number: __, issuedAt: ___, dueAt: ____, ...contents } = oneOff;
    given()
      .when(create({ draft: true }), at)
      .then(new InvoiceDrafted({ ...contents, draftedAt: january31, dueAt: null }));
  });

  it('is due when the caller says, and not before it is issued', () => {
    const dueAt = instant('2026-03-31T00:00:00Z');
    given()
      .when(create({ dueAt }), at)
      .then(new InvoiceIssued({ ...oneOff, dueAt }), new CollectionDecided({ ...collected(90_000n).data, dueAt }));
    given()
      .when(create({ dueAt: instant('2026-01-30T00:00:00Z') }), at)
      .thenRefused('due_at_in_past');
  });

  it('is refused for an account that is closed, or not known', () => {
    given()
      .when(create(), { now: january31, facts: { ...billing, closed: true } })
      .thenRefused('account_closed');
    given().when(create(), { now: january31, facts: null }).thenRefused('account_not_billable');
  });

  it('does nothing where the invoice is there already', () => {
    given(anOpenInvoice()).when(create(), at).thenNothing();
  });
});
