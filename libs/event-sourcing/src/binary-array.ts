/** PostgreSQL's own numbers of the types that an array can have here: its wire format names them. */
const OIDS = {
  uuid: 2950,
  text: 25,
  smallint: 21,
  integer: 23,
  bigint: 20,
  boolean: 16,
  timestamptz: 1184,
  date: 1082,
  json: 114,
  bytea: 17,
} as const;

export type ArrayType = keyof typeof OIDS;

export function isArrayType(name: string): name is ArrayType {
  return name in OIDS;
}

export type Element = string | number | bigint | boolean | Date | Buffer | null | undefined;

const HEADER = 20;
const DAY_MS = 86_400_000;
/** PostgreSQL counts from 1 January 2000. */
const ORIGIN_MS = 946_684_800_000;
const DASH = 45;
const TWO_32 = 2 ** 32;
/** The value of each hexadecimal digit by its character code; -1 for every other character. */
const DIGITS = new Int8Array(0x1_0000).fill(-1);
for (const digit of '0123456789abcdefABCDEF') DIGITS[digit.charCodeAt(0)] = Number.parseInt(digit, 16);

/**
 * An array in PostgreSQL's binary wire format; the driver sends a buffer as it is. Written as text, every element would be
 * quoted here and parsed there. Times are kept to the millisecond, as `Instant` has them. Throws where an element is not of
 * the type.
 */
export function binaryArray(type: ArrayType, elements: readonly Element[]): Buffer {
  if (elements.length === 0) return header(type, 0, false, 12);
  let size = HEADER;
  let hasNull = false;
  for (const element of elements) {
    const isNull = element === null || element === undefined;
    hasNull ||= isNull;
    size += 4 + (isNull ? 0 : sizeOf(type, element));
  }
  const buffer = header(type, elements.length, hasNull, size);
  let at = HEADER;
  for (const element of elements) {
    const length = element === null || element === undefined ? -1 : write(buffer, at + 4, type, element);
    buffer.writeInt32BE(length, at);
    at += 4 + Math.max(0, length);
  }
  return buffer;
}

function header(type: ArrayType, elements: number, hasNull: boolean, size: number): Buffer {
  const buffer = Buffer.allocUnsafe(size);
  buffer.writeInt32BE(elements > 0 ? 1 : 0, 0);
  buffer.writeInt32BE(hasNull ? 1 : 0, 4);
  buffer.writeInt32BE(OIDS[type], 8);
  if (elements > 0) {
    buffer.writeInt32BE(elements, 12);
    buffer.writeInt32BE(1, 16);
  }
  return buffer;
}

function sizeOf(type: ArrayType, element: Element): number {
  switch (type) {
    case 'uuid':
      return 16;
    case 'bigint':
    case 'timestamptz':
      return 8;
    case 'integer':
    case 'date':
      return 4;
    case 'smallint':
      return 2;
    case 'boolean':
      return 1;
    case 'text':
    case 'json':
      return Buffer.byteLength(String(element));
    case 'bytea':
      return (element as Buffer).length;
  }
}

/** Answers how many bytes were written. */
function write(buffer: Buffer, at: number, type: ArrayType, element: NonNullable<Element>): number {
  switch (type) {
    case 'uuid':
      return writeUuid(buffer, at, String(element));
    case 'bigint':
      return writeBigint(buffer, at, element);
    case 'timestamptz':
      return writeMicroseconds(buffer, at, epochMs(element));
    case 'date':
      return buffer.writeInt32BE(days(element), at) - at;
    case 'integer':
      return buffer.writeInt32BE(whole(element), at) - at;
    case 'smallint':
      return buffer.writeInt16BE(whole(element), at) - at;
    case 'boolean':
      if (typeof element !== 'boolean') throw new TypeError(`Not a boolean: ${element}.`);
      return buffer.writeUInt8(element ? 1 : 0, at) - at;
    case 'text':
    case 'json':
      return buffer.write(String(element), at);
    case 'bytea':
      return (element as Buffer).copy(buffer, at);
  }
}

function writeUuid(buffer: Buffer, at: number, text: string): number {
  let isUuid = text.length === 36;
  for (let byte = 0, next = 0; byte < 16; byte += 1, next += 2) {
    if (next === 8 || next === 13 || next === 18 || next === 23) {
      isUuid &&= text.charCodeAt(next) === DASH;
      next += 1;
    }
    const value = (DIGITS[text.charCodeAt(next)]! << 4) | DIGITS[text.charCodeAt(next + 1)]!;
    isUuid &&= value >= 0;
    buffer[at + byte] = value;
  }
  if (!isUuid) throw new TypeError(`Not a uuid: ${text}.`);
  return 16;
}

function epochMs(element: Element): number {
  const ms = element instanceof Date ? element.getTime() : Date.parse(String(element));
  if (Number.isNaN(ms)) throw new TypeError(`Not a time: ${element}.`);
  return ms;
}

function days(element: Element): number {
  const ms = epochMs(element);
  if (new Date(ms).toISOString().slice(0, 10) !== element) throw new TypeError(`Not a date: ${element}.`);
  return (ms - ORIGIN_MS) / DAY_MS;
}

function whole(element: Element): number {
  if (!Number.isSafeInteger(element)) throw new TypeError(`Not a whole number: ${element}.`);
  return element as number;
}

function writeBigint(buffer: Buffer, at: number, element: NonNullable<Element>): number {
  if (Number.isSafeInteger(element)) return writeSafeInteger(buffer, at, element as number);
  return buffer.writeBigInt64BE(BigInt(element as string | bigint), at) - at;
}

/** A number is exact for 285 years from the origin. */
function writeMicroseconds(buffer: Buffer, at: number, ms: number): number {
  const microseconds = (ms - ORIGIN_MS) * 1_000;
  if (Number.isSafeInteger(microseconds)) return writeSafeInteger(buffer, at, microseconds);
  return buffer.writeBigInt64BE(BigInt(ms - ORIGIN_MS) * 1_000n, at) - at;
}

/** As 64 bits, without a bigint for each. */
function writeSafeInteger(buffer: Buffer, at: number, whole: number): number {
  const high = Math.floor(whole / TWO_32);
  buffer.writeInt32BE(high, at);
  buffer.writeUInt32BE(whole - high * TWO_32, at + 4);
  return 8;
}
