import { Inject, Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import type { Sql } from '#event-sourcing/sql.js';
import { bucketOf, type PlanId } from '#kernel/ids.js';
import type { PageWindow } from '#platform/http/page.js';
import { planIdOf } from '../../plan/plan.policies.js';
import { type PlanDetails, PlanDetailsTable, type PlanRow, planDetailsOf } from './plan-details.js';

export interface PlanFilter {
  readonly active?: boolean;
  readonly code?: string;
}

@Injectable()
export class PlanDetailsQuery {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  async find(id: PlanId): Promise<PlanDetails | null> {
    const row = await this.table.findOneBy({ bucket: bucketOf(id), id });
    return row && planDetailsOf(row);
  }

  /** In the order of the ids; null for a plan that does not exist. */
  async byIds(ids: readonly PlanId[]): Promise<(PlanDetails | null)[]> {
    const rows = await this.table.findBy({ bucket: In([...new Set(ids.map(bucketOf))]), id: In([...new Set(ids)]) });
    const found = new Map(rows.map((row) => [row.id, planDetailsOf(row)]));
    return ids.map((id) => found.get(id) ?? null);
  }

  /** Newest first. */
  async page({ active, code }: PlanFilter, { after, fetch }: PageWindow): Promise<PlanDetails[]> {
    const query = this.table.createQueryBuilder('p').where('true');
    if (active !== undefined) query.andWhere('p.active = :active', { active });
    // A code is an id in disguise, and the id is the key.
    if (code !== undefined)
      query.andWhere('p.bucket = :bucket and p.id = :plan', { bucket: bucketOf(planIdOf(code)), plan: planIdOf(code) });
    if (after) query.andWhere('(p.created_at, p.id) < (:createdAt, :id)', after);
    const rows = await query.orderBy('p.created_at', 'DESC').addOrderBy('p.id', 'DESC').limit(fetch).getMany();
    return rows.map(planDetailsOf);
  }

  private get table() {
    return this.dataSource.getRepository(PlanDetailsTable);
  }
}

/** Named one by one: a statement that is kept prepared cannot follow a `*` whose columns change. */
const columns = Object.keys(PlanDetailsTable.options.columns).join(', ');

/** The plan as a running transaction has just written it. */
export async function writtenPlan(sql: Sql, id: PlanId): Promise<PlanDetails> {
  const [row] = await sql.query<PlanRow>(`select ${columns} from catalog.plan_details where bucket = $1::smallint and id = $2`, [
    bucketOf(id),
    id,
  ]);
  return planDetailsOf(row!);
}
