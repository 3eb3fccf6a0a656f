import { EntitySchema } from 'typeorm';
import type { PlanId } from '#kernel/ids.js';
import { fromEpochMs, type Instant } from '#kernel/instant.js';
import type { Offer } from '../../plan/plan.events.js';

/** A row as it is stored: the same whether TypeORM or a running transaction has read it. */
export interface PlanRow {
  readonly bucket: number;
  readonly id: PlanId;
  readonly code: string;
  readonly name: string;
  readonly plan_version: number;
  readonly active: boolean;
  readonly interval: Offer['interval'];
  readonly trial_days: number;
  readonly prices: Offer['prices'];
  readonly metadata: Offer['metadata'];
  readonly created_at: Date;
  readonly published_at: Date;
  readonly version: string;
}

/** The table `catalog.plan_details`, for TypeORM's queries; the projection writes it. */
export const PlanDetailsTable = new EntitySchema<PlanRow>({
  name: 'PlanDetails',
  schema: 'catalog',
  tableName: 'plan_details',
  columns: {
    bucket: { type: 'smallint', primary: true },
    id: { type: 'uuid', primary: true },
    code: { type: 'text' },
    name: { type: 'text' },
    plan_version: { type: 'integer' },
    active: { type: 'boolean' },
    interval: { type: 'json' },
    trial_days: { type: 'integer' },
    prices: { type: 'json' },
    metadata: { type: 'json' },
    created_at: { type: 'timestamptz' },
    published_at: { type: 'timestamptz' },
    version: { type: 'bigint' },
  },
});

/** A plan as it is shown, in its newest version or in the one that was asked for. */
export interface PlanDetails extends Offer {
  readonly id: PlanId;
  readonly code: string;
  readonly version: number;
  readonly active: boolean;
  readonly createdAt: Instant;
  /** When the version that is shown was published. */
  readonly publishedAt: Instant;
  /** The version of its stream: the ETag. Retiring raises it too, so it is not the plan's version. */
  readonly streamVersion: number;
}

export function planDetailsOf(row: PlanRow): PlanDetails {
  const { id, code, name, active, interval, prices, metadata } = row;
  return {
    ...{ id, code, name, active, interval, prices, metadata },
    version: row.plan_version,
    trialDays: row.trial_days,
    createdAt: fromEpochMs(row.created_at.getTime()),
    publishedAt: fromEpochMs(row.published_at.getTime()),
    streamVersion: Number(row.version),
  };
}
