import type { Check } from '../check.js';
import { examined, notChecked } from '../finding.js';
import { loadJournal } from '../journal.js';
import { countOf, violationsIn } from '../rows.js';

/**
 * I7. All requests under one key have one effect, and those that were done have one answer, which is the one that is kept.
 * Oracle: the journal of a client (see journal.ts); answers are compared as JSON.
 */
export const sameKeySameAnswer: Check = {
  id: 'I7',
  invariant: 'the same idempotency key gives the same answer and one effect',
  async *run({ sql, journal }) {
    if (!journal) {
      yield notChecked('repeated requests', 'needs --journal FILE: what a client asked for and was answered');
      return;
    }
    await loadJournal(sql, journal);
    yield examined(await countOf(sql, 'select count(distinct key) from journal_op where key is not null'), 'keys');
    for (const query of [EFFECTS, ANSWERS, KEPT]) yield* violationsIn(sql, query);
  },
};

const EFFECTS = `
  select o.key, o.event, string_agg(distinct x.stream_id::text, ' ') as streams, format('%s events %s were recorded under one key.', count(*), o.event) as says
    from journal_op o join journal_effect x on x.op = o.op
   where o.key is not null group by o.key, o.event having count(*) > 1`;

const ANSWERS = `
  select o.key, string_agg(distinct o.op, ' ') as ops, format('%s different answers were given under one key.', count(distinct (a.status, a.body))) as says
    from journal_op o join journal_ack a on a.op = o.op
   where o.key is not null and a.status between 200 and 299 group by o.key having count(distinct (a.status, a.body)) > 1`;

/** The stored key is the caller's within its principal, which has no space in it. */
const KEPT = `
  select o.key, o.op, 'A request was answered under a key, and another answer is kept with it.' as says
    from journal_op o join journal_ack a on a.op = o.op
    join es.command c on substring(c.key from '^[^ ]+ (.*)$') = o.key
   where o.key is not null and a.status between 200 and 299 and c.answer is not null
     and ((c.answer->>'status')::integer <> a.status or (c.answer->'body')::jsonb <> a.body)`;
