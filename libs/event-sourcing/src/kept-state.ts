import type { AccountId, Id } from '#kernel/ids.js';
import type { Keyring } from './account-keys.js';
import { foldVersion } from './decider.js';
import { encode } from './event-codec.js';
import type { PendingEvent, StreamHead } from './event-store.js';
import { sealed } from './personal-data.js';
import type { Statement } from './sql.js';

/**
 * Keeps the folded state of long-lived streams beside the log, in the appending transaction: a cache that is never
 * stale, so that deciding costs the same however long the history is. It can be emptied at any time.
 */
export function keptStateStatements(
  bucket: number,
  after: ReadonlyMap<Id, StreamHead>,
  events: readonly PendingEvent[],
  keyring: Keyring,
): Statement[] {
  const kept = [...after].filter(([, head]) => head.decider.keptState !== undefined);
  if (kept.length === 0) return [];
  const accounts = new Map<Id, AccountId | null>(events.map(({ meta }) => [meta.streamId, meta.accountId]));
  return [
    {
      text: `insert into es.stream_state (bucket, stream_id, stream_type, version, hash, fold_version, account_id, state)
             select $1::smallint, * from unnest($2::uuid[], $3::text[], $4::bigint[], $5::bytea[], $6::integer[], $7::uuid[], $8::json[])
             on conflict (bucket, stream_id) do update set version = excluded.version, hash = excluded.hash,
               fold_version = excluded.fold_version, account_id = excluded.account_id, state = excluded.state`,
      values: [
        bucket,
        kept.map(([id]) => id),
        kept.map(([, head]) => head.decider.category),
        kept.map(([, head]) => head.version),
        kept.map(([, head]) => head.hash),
        kept.map(([, head]) => foldVersion(head.decider)!),
        kept.map(([id]) => accounts.get(id) ?? null),
        kept.map(([id, { decider, state, version }]) =>
          encode(
            sealed(decider.keptState!.fields, state as object, keyring, {
              accountId: accounts.get(id) ?? null,
              place: `${id}/${version}/state`,
            }),
          ),
        ),
      ],
    },
  ];
}
