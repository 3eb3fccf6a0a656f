import { EntitySchema } from 'typeorm';
import type { Id, PlanId } from '#kernel/ids.js';
import { fromEpochMs, type Instant } from '#kernel/instant.js';
import type { Offer } from '../../plan/plan.events.js';

interface PlanVersionRow {
  readonly bucket: number;
  readonly id: Id<'plan-version'>;
  readonly plan_id: PlanId;
  readonly plan_version: number;
  readonly name: string;
  readonly interval: Offer['interval'];
  readonly trial_days: number;
  readonly prices: Offer['prices'];
  readonly metadata: Offer['metadata'];
  readonly published_at: Date;
}

/** The table `catalog.plan_version`, for TypeORM's queries; the projection writes it. */
export const PlanVersionTable = new EntitySchema<PlanVersionRow>({
  name: 'PlanVersion',
  schema: 'catalog',
  tableName: 'plan_version',
  columns: {
    bucket: { type: 'smallint', primary: true },
    id: { type: 'uuid', primary: true },
    plan_id: { type: 'uuid' },
    plan_version: { type: 'integer' },
    name: { type: 'text' },
    interval: { type: 'json' },
    trial_days: { type: 'integer' },
    prices: { type: 'json' },
    metadata: { type: 'json' },
    published_at: { type: 'timestamptz' },
  },
});

/** What one version of a plan offers, for ever. */
export interface PlanVersion extends Offer {
  readonly planId: PlanId;
  readonly version: number;
  readonly publishedAt: Instant;
}

export function planVersionOf(row: PlanVersionRow): PlanVersion {
  const { name, interval, prices, metadata } = row;
  return {
    ...{ name, interval, prices, metadata },
    planId: row.plan_id,
    version: row.plan_version,
    trialDays: row.trial_days,
    publishedAt: fromEpochMs(row.published_at.getTime()),
  };
}
