import { eraseKeys } from './account-keys.js';
import { ERASED } from './declared-fields.js';
import type { Forget } from './reaction.js';
import type { ReadModel } from './read-model.js';
import { erasedRows } from './row-changes.js';
import type { Statement } from './sql.js';

/** Erases keys, and with the person what is shown of it anywhere: read models, recorded answers, reasons why timers and jobs failed. */
export function erasureStatements(forgotten: readonly Forget[], readModels: readonly ReadModel[]): Statement[] {
  return forgotten.flatMap(({ accountId, purpose }) => {
    const keys = eraseKeys(accountId, purpose);
    if (purpose === 'record') return [keys];
    return [
      keys,
      ...readModels.flatMap((model) => erasedRows(model, accountId)),
      { text: ERASE_ANSWERS, values: [accountId] },
      { text: ERASE_TIMER_REASONS, values: [accountId, ERASED] },
      { text: ERASE_JOB_ERRORS, values: [accountId, ERASED] },
    ];
  });
}

/** The key stays, and fits no request any more: its hash would tell who knows the request that it was for whom. */
const ERASE_ANSWERS = `update es.command set answer = null, request_hash = '' where account_id = $1::uuid`;
const ERASE_TIMER_REASONS = `update es.timer set set_aside_reason = $2 where account_id = $1::uuid and set_aside_reason is not null`;
const ERASE_JOB_ERRORS = `update es.job set last_error = $2 where account_id = $1::uuid and last_error is not null`;
