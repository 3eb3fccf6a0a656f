import { hash } from 'node:crypto';

/** JSON text of an event's data or of a kept state. `Money` writes its amount as a string; where it is, the declared fields know. */
export function encode(data: object): string {
  return JSON.stringify(data);
}

/** How the hashes of new events are computed. It is stored with each event and hashed, so that another scheme can follow one day. */
export const HASH_SCHEME = 1;

/** The columns that the chain protects. `effectiveAt` is in the fixed form of `Instant`. */
export interface HashedColumns {
  readonly streamType: string;
  readonly streamId: string;
  readonly version: number;
  readonly eventId: string;
  readonly eventType: string;
  readonly schemaVersion: number;
  readonly accountId: string | null;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly actor: string;
  /** As text, like the payload. */
  readonly origin: string | null;
  readonly effectiveAt: string;
  readonly payload: string;
}

export const CHAIN_START = Buffer.alloc(32);

/**
 * The next link of a stream's chain: SHA-256 over the previous link, the columns as a JSON array (which frames them
 * without ambiguity), and the payload's stored text. The position is left out: it is known only inside the append, and
 * its density is checked by itself.
 */
export function chainHash(previous: Buffer, event: HashedColumns): Buffer {
  const header = JSON.stringify([
    HASH_SCHEME,
    event.streamType,
    event.streamId,
    event.version,
    event.eventId,
    event.eventType,
    event.schemaVersion,
    event.accountId,
    event.correlationId,
    event.causationId,
    event.actor,
    event.origin,
    event.effectiveAt,
  ]);
  const text = `${header}\n${event.payload}`;
  const bytes = Buffer.allocUnsafe(previous.length + Buffer.byteLength(text));
  previous.copy(bytes);
  bytes.write(text, previous.length);
  return hash('sha256', bytes, 'buffer');
}
