import type { Id, PlanId } from '#kernel/ids.js';
import { instantOf, type Queryable, rowById, rowsOf } from '#platform/sql/row-query.js';
import type { Offer } from '../../plan/plan.events.js';
import type { PlanView } from '../plan-details/plan-details.query.js';
import { planVersionIdOf, planVersions } from './plan-version.projection.js';

interface PlanVersionRow {
  id: Id<'plan-version'>;
  plan_id: PlanId;
  plan_version: number;
  name: string;
  interval: Offer['interval'];
  trial_days: number;
  prices: Offer['prices'];
  metadata: Offer['metadata'];
  published_at: Date;
}

const planVersionRows = rowsOf(planVersions, 'published_at');

/** The plan as one of its versions has it; undefined where there is no such version. */
export async function inVersion(sql: Queryable, plan: PlanView, version: number): Promise<PlanView | undefined> {
  const row = await rowById<PlanVersionRow>(sql, planVersionRows, planVersionIdOf(plan.id, version));
  return row && { ...plan, ...offerOf(row), version, publishedAt: instantOf(row.published_at) };
}

function offerOf({ name, interval, trial_days: trialDays, prices, metadata }: PlanVersionRow): Offer {
  return { name, interval, trialDays, prices, metadata };
}
