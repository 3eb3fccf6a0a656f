import { specification } from '#event-sourcing/testing/specification.js';
import { type Instant, instant } from '#kernel/instant.js';
import { InvoiceDecider } from './invoice.decider.js';
import { CollectionDecided, InvoiceDrafted, InvoiceIssued } from './invoice.events.js';
import { anOpenInvoice, aPaidInvoice, baseCharge, billing, collected, invoiceId, issued, january31, line } from './invoice.examples.js';
import { IssueDraft } from './issue-draft.js';

const { given } = specification(InvoiceDecider);
const later = instant('2026-02-03T15:00:00Z');
const at = { now: later, facts: billing };
const issue = new IssueDraft({ invoiceId });

const { series, number, issuedAt: _, dueAt: __, ...contents } = issued(2900n, line(baseCharge)).data;
const drafted = (dueAt: Instant | null = null) => new InvoiceDrafted({ ...contents, draftedAt: january31, dueAt });

describe('Issuing a draft', () => {
  it('gives it its day and its series, and decides what is collected', () => {
    const dates = { issuedAt: later, dueAt: instant('2026-02-17T15:00:00Z') };
    given(drafted())
      .when(issue, at)
      .then(new InvoiceIssued({ ...contents, series, number, ...dates }), new CollectionDecided({ ...collected(2900n).data, ...dates }));
  });

  it('keeps the day that it was said to be due, unless that has passed', () => {
    const dueAt = instant('2026-03-01T00:00:00Z');
    given(drafted(dueAt))
      .when(issue, at)
      .then(
        new InvoiceIssued({ ...contents, series, number, issuedAt: later, dueAt }),
        new CollectionDecided({ ...collected(2900n).data, issuedAt: later, dueAt }),
      );
    given(drafted(instant('2026-02-01T00:00:00Z')))
      .when(issue, at)
      .thenRefused('due_at_in_past');
  });

  it('is refused for what is issued already, and for what is not there', () => {
    given(anOpenInvoice()).when(issue, at).thenRefused('invoice_not_draft');
    given(aPaidInvoice()).when(issue, at).thenRefused('invoice_not_draft');
    given().when(issue, { now: later, facts: null }).thenRefused('invoice_not_found');
  });
});
