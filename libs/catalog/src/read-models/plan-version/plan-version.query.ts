import type { RowOf } from '#event-sourcing/read-model.js';
import type { Id } from '#kernel/ids.js';
import type { Position } from '#platform/http/page.js';
import { instantOf, type Queryable, rowById, rowsOf } from '#platform/sql/row-query.js';
import type { Offer } from '../../plan/plan.events.js';
import type { PlanView } from '../plan-details/plan-details.query.js';
import { priceView } from '../price-view.js';
import { planVersionIdOf, planVersions } from './plan-version.projection.js';

export type PlanVersionRow = RowOf<
  typeof planVersions,
  { id: Id<'plan-version'>; interval: Offer['interval']; prices: Offer['prices']; metadata: Offer['metadata'] }
>;

export const planVersionRows = rowsOf(planVersions, 'published_at');

/** The plan as one of its versions has it; undefined where there is no such version. */
export async function inVersion(sql: Queryable, plan: PlanView, version: number): Promise<PlanView | undefined> {
  const row = await rowById<PlanVersionRow>(sql, planVersionRows, planVersionIdOf(plan.id, version));
  return row && versionView(plan, row);
}

/** The plan with what that version of it fixes for ever. */
export function versionView(plan: PlanView, row: PlanVersionRow): PlanView {
  const { name, interval, trial_days: trialDays, prices, metadata, plan_version: version, published_at } = row;
  return { ...plan, name, interval, trialDays, prices: prices.map(priceView), metadata, version, publishedAt: instantOf(published_at) };
}

export const planVersionPosition = (row: PlanVersionRow): Position => ({ createdAt: instantOf(row.published_at), id: row.id });
