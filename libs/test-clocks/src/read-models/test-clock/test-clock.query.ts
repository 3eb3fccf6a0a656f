import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { RowOf } from '#event-sourcing/read-model.js';
import type { TestClockId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { Position } from '#platform/http/page.js';
import { instantOf, rowsOf } from '#platform/sql/row-query.js';
import { testClockTable } from './test-clock.projection.js';

export const testClockStatuses = ['ready', 'advancing'] as const;

/** A test clock as REST shows it. */
@ApiSchema({ name: 'TestClock' })
export class TestClockView {
  @ApiProperty({ type: String, format: 'uuid' })
  id!: TestClockId;

  @ApiProperty({ type: String, format: 'date-time', description: 'What it shows; it moves while advancing.' })
  now!: Instant;

  @ApiProperty({ type: String, enum: [...testClockStatuses], description: 'While it is advancing, its accounts take no changes.' })
  status!: (typeof testClockStatuses)[number];

  @ApiProperty({ type: String, format: 'date-time', nullable: true, description: 'Where it is going; null when it is ready.' })
  target!: Instant | null;

  @ApiProperty({ type: String, format: 'date-time', description: 'In real time.' })
  createdAt!: Instant;
}

export type TestClockRow = RowOf<typeof testClockTable, { id: TestClockId }>;

export const testClockRows = rowsOf(testClockTable, 'created_at');

export const testClockPosition = (row: TestClockRow): Position => ({ createdAt: instantOf(row.created_at), id: row.id });

export function testClockView(row: TestClockRow): TestClockView {
  return {
    id: row.id,
    now: instantOf(row.now),
    status: row.target ? 'advancing' : 'ready',
    target: instantOf(row.target),
    createdAt: instantOf(row.created_at),
  };
}

/** A clock that was seen advancing, once it has arrived: always the same, wherever it has gone since. */
export function arrived(advancing: TestClockView): TestClockView {
  return { ...advancing, now: advancing.target ?? advancing.now, status: 'ready', target: null };
}
