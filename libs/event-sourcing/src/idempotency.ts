import { type AccountId, bucketOf, hashedId } from '#kernel/ids.js';
import type { AccountKeys } from './account-keys.js';
import type { Answer } from './command.js';
import { idempotencyKeyInUse, idempotencyKeyReused } from './refusals.js';
import { seal, unseal } from './sealing.js';
import type { Sql } from './sql.js';
import { postgresError } from './sql.js';

interface CommandRow {
  request_hash: string;
  account_id: AccountId | null;
  answer: Answer | SealedAnswer | null;
}

/** An answer that shows a person. */
interface SealedAnswer {
  readonly sealed: string;
}

const LOCK_TIMEOUT = '55P03';

/**
 * Claims a key for the running transaction. The second of two equal requests waits here for the first, then gets its
 * answer; another request under the same key is refused. The key has a bucket of its own, by its hash.
 */
export async function claimKey(
  sql: Sql,
  keys: AccountKeys,
  key: string,
  requestHash: string,
): Promise<{ claimed: boolean; answer: Answer | null }> {
  const bucket = bucketOf(hashedId(key));
  let inserted: unknown[];
  try {
    inserted = await sql.query(
      `insert into es.command (bucket, key, request_hash) values ($1::smallint, $2, $3) on conflict (bucket, key) do nothing returning key`,
      [bucket, key, requestHash],
    );
  } catch (error) {
    if (postgresError(error)?.code === LOCK_TIMEOUT) throw idempotencyKeyInUse('The first request with this key has not finished.');
    throw error;
  }
  if (inserted.length > 0) return { claimed: true, answer: null };
  const [known] = await sql.query<CommandRow>(
    `select request_hash, account_id, answer from es.command where bucket = $1::smallint and key = $2`,
    [bucket, key],
  );
  if (known && known.request_hash !== requestHash) throw idempotencyKeyReused('The key belongs to a request with other contents.');
  return { claimed: false, answer: known?.answer ? await openedAnswer(sql, keys, key, known.answer, known.account_id) : null };
}

async function openedAnswer(
  sql: Sql,
  keys: AccountKeys,
  key: string,
  answer: Answer | SealedAnswer,
  accountId: AccountId | null,
): Promise<Answer | null> {
  if (!('sealed' in answer)) return answer;
  const found = (await keys.find(sql, [accountId])).key(accountId, 'person');
  return found && JSON.parse(unseal(found, placeOf(key), answer.sealed));
}

const placeOf = (key: string): string => `command/${key}`;

/** Gives a claimed key free again, for a command that was not done. */
export async function releaseKey(sql: Sql, key: string): Promise<void> {
  await sql.run({ text: `delete from es.command where bucket = $1::smallint and key = $2`, values: [bucketOf(hashedId(key)), key] });
}

/** Keeps the answer beside the key, in the same transaction. */
export async function keepAnswer(sql: Sql, keys: AccountKeys, key: string, answer: Answer): Promise<void> {
  await sql.run({
    text: `update es.command set answer = $3::json, account_id = $4::uuid where bucket = $1::smallint and key = $2`,
    values: [bucketOf(hashedId(key)), key, await storedAnswer(sql, keys, key, answer), answer.person ?? null],
    expectedRows: 1,
  });
}

/** Once the person is erased there is no key, and nothing left that an answer could show of it. */
async function storedAnswer(sql: Sql, keys: AccountKeys, key: string, { person, ...answer }: Answer): Promise<string> {
  const text = JSON.stringify(answer);
  const found = person && (await keys.find(sql, [person])).key(person, 'person');
  return found ? JSON.stringify({ sealed: seal(found, placeOf(key), text) }) : text;
}
