import type { Check } from '../check.js';
import { examined, notChecked } from '../finding.js';
import { countOf, violationsIn } from '../rows.js';

/**
 * I9. Every line is its unit price times its quantity times its part of the period, rounded once; the lines make the
 * subtotal; less discount plus tax it is the total; less credit it is what is due; what was paid is not more. Oracle: the
 * sums done again by PostgreSQL in exact integers, from nothing but the event of the invoice.
 */
export const invoicesAddUp: Check = {
  id: 'I9',
  invariant: 'every invoice adds up from its lines, and nothing is paid beyond it',
  async *run({ sql }) {
    yield examined(await countOf(sql, `select count(*) from es.event where event_type = 'InvoiceIssued'`), 'invoices');
    for (const query of [SUMS, LINES, CURRENCIES, PAID]) yield* violationsIn(sql, query);
    yield notChecked('refunds, credit notes and credit balances', 'not built yet');
  },
};

const SUMS = `
  with invoice as (
    select e.bucket, e.stream_id, p.number, (p.subtotal->>'amount')::numeric as subtotal, (p.discount->>'amount')::numeric as discount,
           (p.tax->>'amount')::numeric as tax, (p.total->>'amount')::numeric as total, (p."creditApplied"->>'amount')::numeric as credit,
           (p."amountDue"->>'amount')::numeric as due, coalesce(l.amount, 0) as lines, coalesce(l.taxes, 0) as taxes
      from es.event e,
           json_to_record(e.payload) as p (number text, subtotal json, discount json, tax json, total json, "creditApplied" json, "amountDue" json, lines json),
           lateral (select sum((line.amount->>'amount')::numeric) as amount,
                           sum((select sum((t->'amount'->>'amount')::numeric) from json_array_elements(line.taxes) t)) as taxes
                      from json_to_recordset(p.lines) as line (amount json, taxes json)) l
     where e.event_type = 'InvoiceIssued')
  select bucket, stream_id as invoice, number,
         case when subtotal <> lines then format('The lines come to %s, and the subtotal is %s.', lines, subtotal)
              when tax <> taxes then format('The taxes of the lines come to %s, and the tax is %s.', taxes, tax)
              when total <> subtotal - discount + tax then format('%s less %s plus %s is not the total of %s.', subtotal, discount, tax, total)
              when due <> greatest(total - credit, 0) then format('%s less %s of credit is not the %s that are due.', total, credit, due)
              else format('A discount of %s or a credit of %s is below zero.', discount, credit) end as says
    from invoice
   where subtotal <> lines or tax <> taxes or total <> subtotal - discount + tax or due <> greatest(total - credit, 0) or discount < 0 or credit < 0`;

/** Half-up and away from zero, in integers: (2 × numerator + denominator) div (2 × denominator). */
const LINES = `
  with line as (
    select e.bucket, e.stream_id, l.id, l.quantity, l."unitAmount" as unit, coalesce((l.proration->>'numerator')::numeric, 1) as numerator,
           coalesce((l.proration->>'denominator')::numeric, 1) as denominator, (l.amount->>'amount')::numeric as amount
      from es.event e, json_to_record(e.payload) as p (lines json),
           json_to_recordset(p.lines) as l (id text, quantity numeric, "unitAmount" numeric, proration json, amount json)
     where e.event_type = 'InvoiceIssued' and l."unitAmount" is not null),
  summed as (
    select *, sign(unit * quantity * numerator) * div(2 * abs(unit * quantity * numerator) + denominator, 2 * denominator) as wanted from line)
  select bucket, stream_id as invoice, id as line,
         format('%s times %s, for %s of %s, is %s, and the line says %s.', unit, quantity, numerator, denominator, wanted, amount) as says
    from summed where amount <> wanted`;

const CURRENCIES = `
  select e.bucket, e.stream_id as invoice, format('An invoice in %s has amounts in %s.', p.currency, other.currency) as says
    from es.event e,
         json_to_record(e.payload) as p (currency text, subtotal json, discount json, tax json, total json, "creditApplied" json, "amountDue" json, lines json),
         lateral (select min(coalesce(found.currency, 'none')) as currency from (
           select amount->>'currency' as currency from unnest(array[p.subtotal, p.discount, p.tax, p.total, p."creditApplied", p."amountDue"]) amount
           union all select line.amount->>'currency' from json_to_recordset(p.lines) as line (amount json)) found
          where found.currency is distinct from p.currency) other
   where e.event_type = 'InvoiceIssued' and other.currency is not null`;

const PAID = `
  select p.bucket, p.stream_id as invoice, format('%s was paid of %s that were due.', sum((p.payload->'amountPaid'->>'amount')::numeric), min((i.payload->'amountDue'->>'amount')::numeric)) as says
    from es.event p join es.event i on i.bucket = p.bucket and i.stream_id = p.stream_id and i.event_type = 'InvoiceIssued'
   where p.event_type = 'InvoicePaid'
   group by p.bucket, p.stream_id
  having sum((p.payload->'amountPaid'->>'amount')::numeric) > min((i.payload->'amountDue'->>'amount')::numeric)`;
