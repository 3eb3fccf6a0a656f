import type { Check } from '../check.js';
import { entriesBalance } from './i1-entries-balance.js';
import { periodsInvoicedOnce } from './i2-periods-invoiced-once.js';
import { chargedOnce } from './i3-charged-once.js';
import { streamsAreDense } from './i4-streams-are-dense.js';
import { readModelsEqualReplay } from './i5-read-models-equal-replay.js';
import { acknowledgedIsPresent } from './i6-acknowledged-is-present.js';
import { sameKeySameAnswer } from './i7-same-key-same-answer.js';
import { numbersGapless } from './i8-numbers-gapless.js';
import { invoicesAddUp } from './i9-invoices-add-up.js';
import { deliveries } from './i10-deliveries.js';
import { nothingWaits } from './i11-nothing-waits.js';
import { attemptsWithinPolicy } from './i12-attempts-within-policy.js';
import { noPersonalData } from './i13-no-personal-data.js';
import { answersAreDeclared } from './i14-answers-are-declared.js';
import { liveness } from './i15-liveness.js';

/** All invariants, in their order. */
export const checks: readonly Check[] = [
  entriesBalance,
  periodsInvoicedOnce,
  chargedOnce,
  streamsAreDense,
  readModelsEqualReplay,
  acknowledgedIsPresent,
  sameKeySameAnswer,
  numbersGapless,
  invoicesAddUp,
  deliveries,
  nothingWaits,
  attemptsWithinPolicy,
  noPersonalData,
  answersAreDeclared,
  liveness,
];
