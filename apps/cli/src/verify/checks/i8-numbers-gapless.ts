import type { Check } from '../check.js';
import { examined } from '../finding.js';
import { countOf, violationsIn } from '../rows.js';

/**
 * I8. The numbers of a series run from 1 without gap or repetition, and the series' counter stands at the last of them.
 * Oracle: the numbers as they stand in the invoices' own events, in which no table of ours had a part.
 */
export const numbersGapless: Check = {
  id: 'I8',
  invariant: 'invoice numbers have no gap and no repetition within their series',
  async *run({ sql }) {
    await sql.query(NUMBERED);
    yield examined(await countOf(sql, 'select count(*) from numbered'), 'numbers');
    for (const query of [MALFORMED, GAPS, COUNTERS]) yield* violationsIn(sql, query);
  },
};

/** Once for all the questions, and each payload parsed once: it is text. */
const NUMBERED = `
  create temp table numbered on commit drop as
    select e.bucket, e.stream_id, p.series, p.number, substr(p.number, length(p.series) + 2) as digits
      from es.event e, json_to_record(e.payload) as p (series text, number text)
     where e.event_type = 'InvoiceIssued'`;
const WELL_FORMED = `number = series || '-' || digits and digits ~ '^[0-9]{6,}$'`;

const MALFORMED = `
  select bucket, stream_id as invoice, format('"%s" is no number of the series %s.', number, series) as says from numbered where (${WELL_FORMED}) is not true`;

/** Within a series, each number in order is one more than the number before. */
const GAPS = `
  with placed as (
    select bucket, stream_id, series, digits::bigint as n, lag(digits::bigint, 1, 0::bigint) over (partition by series order by digits::bigint) as before
      from numbered where ${WELL_FORMED})
  select bucket, stream_id as invoice, series,
         case when n = before then format('The number %s-%s is given twice.', series, lpad(n::text, 6, '0'))
              else format('The numbers %s to %s of the series %s are missing.', before + 1, n - 1, series) end as says
    from placed where n <> before + 1`;

const COUNTERS = `
  with reached as (select series, max(digits::bigint) as last from numbered where ${WELL_FORMED} group by series)
  select s.bucket, coalesce(s.name, r.series) as series,
         format('The counter of the series %s stands at %s; its last number is %s.', coalesce(s.name, r.series), coalesce(s.last::text, 'nothing'), coalesce(r.last::text, 'not given')) as says
    from es.series s full join reached r on r.series = s.name
   where s.last is distinct from r.last`;
