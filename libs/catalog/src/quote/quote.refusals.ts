import { defineRefusal } from '#kernel/refusal.js';

export const quantityNotTaken = defineRefusal({
  code: 'quantity_not_taken',
  kind: 'invalid',
  hint: 'Give a quantity, a decimal from 0 on, where a price is for each of something; flat prices and usage take none.',
});

export const usageInvalid = defineRefusal({
  code: 'usage_invalid',
  kind: 'invalid',
  hint: 'Give what each metered price counts: a decimal such as "12.5", or { events: [{ quantity, timestamp, properties? }] }.',
});

export const quotePeriodInvalid = defineRefusal({
  code: 'quote_period_invalid',
  kind: 'invalid',
  hint: 'A period is { start, end }, with the end after the start; a segment and a change lie within it. Inline recurring prices need one.',
});

export const quoteItemInvalid = defineRefusal({
  code: 'quote_item_invalid',
  kind: 'invalid',
  hint: 'An item is a plan, by planCode or planId, or a price that is given inline.',
});

export const discountInvalid = defineRefusal({
  code: 'discount_invalid',
  kind: 'invalid',
  hint: 'A discount is either percentOff, a decimal up to "100", or amountOff in the currency of the quote.',
});
