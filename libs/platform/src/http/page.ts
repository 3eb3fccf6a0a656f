import { Type } from '@nestjs/common';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { isId } from '#kernel/ids.js';
import { type Instant, instant } from '#kernel/instant.js';
import { defineRefusal } from '#kernel/refusal.js';
import { Input } from '../openapi/input.js';
import { hashOf } from './canonical-json.js';
import { Optional } from './field-rule.js';
import { IsText } from './text-validators.js';

export const limitInvalid = defineRefusal({ code: 'limit_invalid', kind: 'invalid', hint: 'A limit is a whole number from 1 to 100.' });

export const cursorInvalid = defineRefusal({
  code: 'cursor_invalid',
  kind: 'invalid',
  hint: 'Send `nextCursor` of the previous page unchanged, with the same filters, or no cursor for the first page.',
});

export const DEFAULT_LIMIT = 20;
export const MAX_LIMIT = 100;

/** The query parameters of a list: `class InvoiceList extends PageRequest { @Optional() @IsId() accountId?: string }`. */
export class PageRequest {
  @Input({ schema: { type: 'integer', minimum: 1, maximum: MAX_LIMIT }, default: DEFAULT_LIMIT })
  @Optional()
  @IsText({ max: 100 })
  limit?: string;

  @Input({ description: '`nextCursor` of the previous page.' })
  @Optional()
  @IsText({ max: 1000 })
  cursor?: string;
}

/** The place of a row in a list. Lists are ordered by it, and it never changes. */
export interface Position {
  readonly createdAt: Instant;
  readonly id: string;
}

/** What to read: `fetch` rows after (or from the first, when null) `after`, in one direction of `(created_at, id)`. */
export interface PageWindow {
  readonly limit: number;
  /** One more than the limit: the extra row says whether there is a next page, without counting. */
  readonly fetch: number;
  readonly after: Position | null;
  /** Binds cursors to the filters they were made with. */
  readonly filterHash: string;
}

export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

/** Reads limit and cursor. `filter` names the list and its filters. Refuses with `limit_invalid`, `cursor_invalid`. */
export function pageWindow(request: { readonly limit?: string | number; readonly cursor?: string }, filter: object): PageWindow {
  const limit = readLimit(request.limit);
  const filterHash = hashOf(filter).slice(0, 12);
  return { limit, fetch: limit + 1, filterHash, after: request.cursor === undefined ? null : readCursor(request.cursor, filterHash) };
}

/** The page from up to `fetch` rows. */
export function pageOf<Row, View>(
  rows: readonly Row[],
  window: PageWindow,
  positionOf: (row: Row) => Position,
  view: (row: Row) => View,
): Page<View> {
  const shown = rows.slice(0, window.limit);
  const last = shown.at(-1);
  const nextCursor = rows.length > window.limit && last ? cursorOf(positionOf(last), window) : null;
  return { data: shown.map(view), nextCursor };
}

export function cursorOf({ createdAt, id }: Position, { filterHash }: Pick<PageWindow, 'filterHash'>): string {
  return Buffer.from(JSON.stringify([createdAt, id, filterHash])).toString('base64url');
}

function readLimit(given: string | number | undefined): number {
  if (given === undefined) return DEFAULT_LIMIT;
  const limit = /^\d{1,3}$/.test(String(given)) ? Number(given) : 0;
  if (limit < 1 || limit > MAX_LIMIT) throw limitInvalid(`The limit is not from 1 to ${MAX_LIMIT}.`, { pointer: '/limit' });
  return limit;
}

function readCursor(cursor: string, filterHash: string): Position {
  const [createdAt, id, hash] = decoded(cursor);
  if (typeof createdAt !== 'string' || !isId(id)) throw cursorInvalid('The cursor is not one of ours.', { pointer: '/cursor' });
  if (hash !== filterHash) throw cursorInvalid('The cursor belongs to a list with other filters.', { pointer: '/cursor' });
  try {
    return { createdAt: instant(createdAt), id };
  } catch {
    throw cursorInvalid('The cursor is not one of ours.', { pointer: '/cursor' });
  }
}

function decoded(cursor: string): unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

const pageSchemas = new Map<Type, Type>();

/** The OpenAPI schema of a page of the given class: `@ApiOkResponse({ type: pageSchema(Invoice) })`. */
export function pageSchema(item: Type): Type {
  const known = pageSchemas.get(item);
  if (known) return known;

  @ApiSchema({ name: `${item.name.replace(/View$/, '')}Page` })
  class PageSchema {
    @ApiProperty({ type: [item] })
    data!: object[];

    @ApiProperty({ type: String, nullable: true, description: 'Send it as `cursor` for the next page; null on the last.' })
    nextCursor!: string | null;
  }
  pageSchemas.set(item, PageSchema);
  return PageSchema;
}
