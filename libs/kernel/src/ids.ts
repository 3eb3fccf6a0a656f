import { hash, randomBytes } from 'node:crypto';
import { defineRefusal } from './refusal.js';

declare const idBrand: unique symbol;

/** A UUID whose last byte is its bucket. The type parameter keeps an account's id from being taken for an invoice's. */
export type Id<Kind extends string = string> = string & { readonly [idBrand]: Kind };

export type AccountId = Id<'account'>;
export type PaymentMethodId = Id<'payment-method'>;
export type PlanId = Id<'plan'>;
export type SubscriptionId = Id<'subscription'>;
export type InvoiceId = Id<'invoice'>;
/** A charge, and the one line of a document that bills it. */
export type ChargeId = Id<'charge'>;
export type PaymentId = Id<'payment'>;
export type TestClockId = Id<'test-clock'>;

/** The number of buckets is fixed for ever: it is the last byte of every stored id. */
export const BUCKETS = 256;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export const idInvalid = defineRefusal({
  code: 'id_invalid',
  kind: 'invalid',
  hint: 'Ids are UUIDs, as they were answered when the resource was created.',
});

/** A new time-ordered id (UUID version 7) in the given bucket, or in a random one. */
export function newId<Kind extends string>(bucket?: number): Id<Kind> {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  return versioned(bytes.toString('hex'), 7, bucket) as Id<Kind>;
}

/**
 * The id that follows from another id and a name, in that id's bucket: the same every time it is computed.
 * It is what makes a repeated command meet the stream it made before (RFC 9562, version 8: a custom hash).
 */
export function derivedId<Kind extends string>(from: string, name: string): Id<Kind> {
  return hashedId<Kind>(`${from}/${name}`, bucketOf(from));
}

/** The id that follows from a name alone; its bucket is spread by the hash unless one is given. */
export function hashedId<Kind extends string>(name: string, bucket?: number): Id<Kind> {
  return versioned(hash('sha256', name), 8, bucket) as Id<Kind>;
}

export function bucketOf(id: string): number {
  const bucket = Number.parseInt(id.slice(34), 16);
  if (Number.isNaN(bucket)) throw new RangeError(`"${id}" is no id, so it has no bucket.`);
  return bucket;
}

export function isId(text: unknown): text is Id {
  return typeof text === 'string' && UUID.test(text);
}

/** Reads an id given from outside. */
export function id<Kind extends string>(text: string, pointer?: string): Id<Kind> {
  const lower = text.toLowerCase();
  if (!UUID.test(lower)) throw idInvalid(`"${text.slice(0, 80)}" is not a UUID.`, { pointer });
  return lower as Id<Kind>;
}

/** The first 32 of hexadecimal digits as a UUID. As text from the start: a billing run makes a dozen ids for an invoice, and bytes take twice as long. */
function versioned(hex: string, version: number, bucket: number | undefined): string {
  const variant = VARIANTS[Number.parseInt(hex[16]!, 16) & 3];
  const last = bucket === undefined ? hex.slice(30, 32) : bucketDigits(bucket);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 30)}${last}`;
}

/** The two bits `10` that mark a UUID of RFC 9562, and two of the hash. */
const VARIANTS = ['8', '9', 'a', 'b'] as const;

function bucketDigits(bucket: number): string {
  if (!Number.isInteger(bucket) || bucket < 0 || bucket >= BUCKETS) throw new RangeError(`There is no bucket ${bucket}.`);
  return bucket.toString(16).padStart(2, '0');
}
