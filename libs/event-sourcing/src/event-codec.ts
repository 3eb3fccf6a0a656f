import { hash } from 'node:crypto';
import { type Currency, isCurrency } from '#kernel/currency.js';
import { Money } from '#kernel/money.js';

/** JSON text of an event's data or of a kept state. `Money` writes its amount as a string. */
export function encode(data: object): string {
  return JSON.stringify(data);
}

/** Reads what `encode` wrote: every `{ amount: string, currency: string }` becomes `Money` again. */
export function decode<T>(text: string): T {
  return revive(JSON.parse(text)) as T;
}

/** The same for JSON that the driver has parsed already. */
export function revive(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) value[index] = revive(value[index]);
    return value;
  }
  const record = value as Record<string, unknown>;
  if (isMoney(record)) return Money.of(BigInt(record.amount), record.currency);
  for (const key in record) {
    const inner = record[key];
    if (typeof inner === 'object' && inner !== null) record[key] = revive(inner);
  }
  return record;
}

const INTEGER = /^(0|-?[1-9]\d*)$/;

/** Exactly what `Money` writes and nothing else: free text of customers must pass through as it is. */
function isMoney(record: Record<string, unknown>): record is { amount: string; currency: Currency } {
  const { amount, currency } = record;
  return typeof amount === 'string' && isCurrency(currency) && Object.keys(record).length === 2 && INTEGER.test(amount);
}

/** The columns that the chain protects. `effectiveAt` is in the fixed form of `Instant`. */
export interface HashedColumns {
  readonly streamType: string;
  readonly streamId: string;
  readonly version: number;
  readonly eventId: string;
  readonly eventType: string;
  readonly schemaVersion: number;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly actor: string;
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
    event.streamType,
    event.streamId,
    event.version,
    event.eventId,
    event.eventType,
    event.schemaVersion,
    event.correlationId,
    event.causationId,
    event.actor,
    event.effectiveAt,
  ]);
  const text = `${header}\n${event.payload}`;
  const bytes = Buffer.allocUnsafe(previous.length + Buffer.byteLength(text));
  previous.copy(bytes);
  bytes.write(text, previous.length);
  return hash('sha256', bytes, 'buffer');
}
