import { defineRefusal } from '#kernel/refusal.js';

export const journalRangeEmpty = defineRefusal({
  code: 'journal_range_empty',
  kind: 'invalid',
  hint: 'Give a `from` that lies before `to`: the journal holds what took effect from `from` on and before `to`.',
});

export const journalNotPaged = defineRefusal({
  code: 'journal_not_paged',
  kind: 'invalid',
  hint: 'Only JSON comes in pages: leave out `limit` and `cursor`, and narrow the journal by `from` and `to`.',
});
