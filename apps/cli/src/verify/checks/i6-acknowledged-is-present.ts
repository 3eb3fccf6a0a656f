import type { Check } from '../check.js';
import { examined, notChecked } from '../finding.js';
import { loadJournal } from '../journal.js';
import { violationsIn } from '../rows.js';

/**
 * I6. What was acknowledged is there once; what was refused is not there; what was not answered is there at most once.
 * Oracle: the journal of a client, written to its disk before and after each call (see journal.ts).
 */
export const acknowledgedIsPresent: Check = {
  id: 'I6',
  invariant: 'what was acknowledged is present once, what was not at most once',
  async *run({ sql, journal }) {
    if (!journal) {
      yield notChecked('acknowledged requests', 'needs --journal FILE: what a client asked for and was answered');
      return;
    }
    yield examined(await loadJournal(sql, journal), 'operations');
    for (const query of [LOST, DONE_THOUGH_REFUSED, TWICE, OTHER_RESOURCE]) yield* violationsIn(sql, query);
  },
};

/** Any of the operations that are one request may have recorded the effect. */
const LOST = `
  select o.op, o.correlation_id as correlation, format('A request was answered with %s, and its %s is not there.', a.status, o.event) as says
    from journal_op o join journal_ack a on a.op = o.op
   where a.status between 200 and 299
     and not exists (select 1 from journal_op p join journal_effect x on x.op = p.op where p.request = o.request)`;

const DONE_THOUGH_REFUSED = `
  select o.op, o.correlation_id as correlation, format('A request was refused with %s, and its %s is there.', max(a.status), o.event) as says
    from journal_op o join journal_ack a on a.op = o.op
   group by o.op, o.correlation_id, o.event
  having min(a.status) between 400 and 499 and max(a.status) between 400 and 499 and exists (select 1 from journal_effect x where x.op = o.op)`;

const TWICE = `
  select o.op, o.correlation_id as correlation, format('One request recorded %s %s times.', o.event, count(*)) as says
    from journal_op o join journal_effect x on x.op = o.op
   where o.key is null group by o.op, o.correlation_id, o.event having count(*) > 1`;

const OTHER_RESOURCE = `
  select x.bucket, o.op, x.stream_id as stream, format('A request was answered with the resource %s, and recorded its %s on another.', a.body->>'id', o.event) as says
    from journal_op o join journal_ack a on a.op = o.op join journal_effect x on x.op = o.op
   where a.status between 200 and 299 and a.body->>'id' is not null and a.body->>'id' <> x.stream_id::text`;
