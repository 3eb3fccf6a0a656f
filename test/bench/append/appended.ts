import type { Id } from '#kernel/ids.js';

/** The kinds of streams that a customer's history has, in equal shares: a store that locks by kind is not held to one. */
export const CATEGORIES = ['account', 'subscription', 'invoice', 'payment'] as const;

export const EVENT_TYPE = 'BenchInvoiceIssued';

/** One stream as its only writer knows it. */
export interface Stream {
  readonly category: (typeof CATEGORIES)[number];
  readonly id: Id;
  /** The version of its last event, 0 without one: what each append is checked against. */
  version: number;
}

/** An event store under measurement, used as its own documentation shows. */
export interface AppendingStore {
  readonly name: string;
  /** Appends the events in one atomic step, refused when the stream is not at `stream.version`. */
  append(stream: Stream, payloads: readonly object[]): Promise<void>;
  /** Reads a stream from its beginning; answers how many events it has. */
  read(stream: Stream): Promise<number>;
  close(): Promise<void>;
}

/** About 350 bytes of JSON, like an issued invoice without its lines. */
export function payloadOf({ id }: Stream, version: number): object {
  return {
    invoiceId: id,
    accountId: '0190f0c8-1111-7000-8000-00000000002a',
    subscriptionId: '0190f0c8-2222-7000-8000-00000000002a',
    number: `INV-2026-${String(version).padStart(6, '0')}`,
    subtotal: { amount: '2900', currency: 'USD' },
    total: { amount: '3451', currency: 'USD' },
    amountDue: { amount: '3451', currency: 'USD' },
    issuedAt: '2026-01-01T00:00:00.000Z',
    dueAt: '2026-01-31T00:00:00.000Z',
  };
}
