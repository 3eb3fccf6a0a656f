import type { AccountId, Id } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { AccountKeys, Keyring } from './account-keys.js';
import type { AnyEvent, RecordedEvent } from './domain-event.js';
import { NewerCodeNeeded } from './newer-code-needed.js';
import type { Origin } from './origin.js';
import { opened } from './personal-data.js';
import type { Queries } from './sql.js';
import type { Vocabulary } from './vocabulary.js';

export interface StoredRow {
  position: string;
  stream_type: string;
  stream_id: Id;
  version: string;
  event_id: Id;
  event_type: string;
  schema_version: number;
  payload: object;
  account_id: AccountId | null;
  correlation_id: string;
  causation_id: string | null;
  actor: string;
  origin: Origin | null;
  effective_at: string;
}

/** The columns that make an event. */
export type StoredEvent = Pick<StoredRow, 'event_type' | 'schema_version' | 'payload' | 'account_id' | 'stream_id'> & {
  version: string | null;
};

/** Makes events of stored rows: lifts older versions, opens what names a person where there is a key, gives amounts their type. */
export class EventReader {
  constructor(
    private readonly vocabulary: Vocabulary,
    private readonly keys: AccountKeys,
  ) {}

  async recordedFrom(sql: Queries, bucket: number, rows: readonly StoredRow[], opens: 'all' | 'record' = 'all'): Promise<RecordedEvent[]> {
    const accountIds = new Set<AccountId | null>();
    for (const row of rows) if (this.vocabulary.eventClass(row.event_type).fields.personal.length > 0) accountIds.add(row.account_id);
    const keyring = await this.keys.find(sql, accountIds, opens);
    return rows.map((row) => ({
      event: this.eventFrom(row, keyring),
      meta: {
        bucket,
        position: BigInt(row.position),
        streamType: row.stream_type,
        streamId: row.stream_id,
        version: Number(row.version),
        eventId: row.event_id,
        accountId: row.account_id,
        correlationId: row.correlation_id,
        causationId: row.causation_id,
        actor: row.actor,
        origin: row.origin,
        effectiveAt: storedInstant(row.effective_at),
      },
    }));
  }

  /** Lifted first and opened then: an upcaster moves what is sealed as it is, and a personal field keeps its path. */
  eventFrom(row: StoredEvent, keyring: Keyring): AnyEvent {
    const { event_type: type, schema_version: schemaVersion, payload } = row;
    const declared = this.vocabulary.eventClass(type);
    let data = payload as Record<string, unknown>;
    for (let version = schemaVersion; version < declared.schemaVersion; version += 1) {
      const upcaster = this.vocabulary.upcasterOf(type, version);
      if (!upcaster) throw new Error(`No upcaster lifts ${type} from version ${version}.`);
      data = upcaster.upcast(data);
    }
    if (schemaVersion > declared.schemaVersion)
      throw new NewerCodeNeeded(`${type} version ${schemaVersion} was written by newer code than this.`);
    const at = { accountId: row.account_id, place: `${row.stream_id}/${row.version}` };
    return new declared(declared.fields.revive(opened(declared.fields, data, keyring, at)) as never);
  }
}

export const SELECT_STORED = `select pos as position, stream_type, stream_id, version, event_id, event_type, schema_version, payload,
  account_id, correlation_id, causation_id, actor, origin, (effective_at at time zone 'UTC')::text as effective_at from es.event`;

/** `2026-01-31 09:00:00.25` as PostgreSQL writes it, which no date has to be made of first. */
function storedInstant(text: string): Instant {
  return `${text.slice(0, 10)}T${text.slice(11, 19)}.${text.slice(20).padEnd(3, '0')}Z` as Instant;
}
