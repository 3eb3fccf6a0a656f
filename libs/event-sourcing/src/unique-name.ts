import { hash } from 'node:crypto';
import { bucketOf, hashedId, type Id } from '#kernel/ids.js';
import { defineRefusal } from '#kernel/refusal.js';
import type { Queries } from './sql.js';

/** A name that at most one stream of its kind may have, such as an id that the caller's own system gave an account. */
export interface UniqueName {
  /** What is named: `account`. */
  readonly scope: string;
  readonly name: string;
  /** To the field of the request. */
  readonly pointer: string;
}

export const nameTaken = defineRefusal({
  code: 'external_id_taken',
  kind: 'conflict',
  hint: 'Each external id belongs to one resource for ever: read it at `ext:` and the id, or use another.',
});

/**
 * Gives the name to the stream, in the running transaction; refuses where another has it. The row lies in the bucket of the
 * name's hash, so that streams of all buckets meet there, and holds no text: see docs/decisions/0023-names-are-claimed.md.
 */
export async function claimName(sql: Queries, { scope, name, pointer }: UniqueName, owner: Id): Promise<void> {
  const key = keyOf(scope, name);
  await sql.query(
    `insert into es.unique_name (bucket, scope, name_hash, owner) values ($1::smallint, $2, $3, $4::uuid)
         on conflict (bucket, scope, name_hash) do nothing`,
    [...key, owner],
  );
  if ((await ownerOfName(sql, scope, name)) !== owner) throw nameTaken(`The external id ${name} belongs to another ${scope}.`, { pointer });
}

/** The stream that the name was given to, or undefined. */
export async function ownerOfName<Kind extends string>(sql: Queries, scope: string, name: string): Promise<Id<Kind> | undefined> {
  const [row] = await sql.query<{ owner: Id<Kind> }>(
    `select owner from es.unique_name where bucket = $1::smallint and scope = $2 and name_hash = $3`,
    keyOf(scope, name),
  );
  return row?.owner;
}

function keyOf(scope: string, name: string): [number, string, Buffer] {
  return [bucketOf(hashedId(`${scope}/${name}`)), scope, hash('sha256', `${scope}/${name}`, 'buffer')];
}
