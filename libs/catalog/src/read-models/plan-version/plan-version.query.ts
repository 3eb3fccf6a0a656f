import { Inject, Injectable } from '@nestjs/common';
import { DataSource, In } from 'typeorm';
import { bucketOf, type PlanId } from '#kernel/ids.js';
import { type PlanVersion, PlanVersionTable, planVersionOf } from './plan-version.js';
import { planVersionIdOf } from './plan-version.projection.js';

export interface PlanVersionKey {
  readonly planId: PlanId;
  readonly version: number;
}

@Injectable()
export class PlanVersionQuery {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** In the order of the keys; null for a version that does not exist. */
  async byKeys(keys: readonly PlanVersionKey[]): Promise<(PlanVersion | null)[]> {
    const ids = keys.map(({ planId, version }) => planVersionIdOf(planId, version));
    const table = this.dataSource.getRepository(PlanVersionTable);
    const rows = await table.findBy({ bucket: In([...new Set(ids.map(bucketOf))]), id: In([...new Set(ids)]) });
    const found = new Map(rows.map((row) => [row.id, planVersionOf(row)]));
    return ids.map((id) => found.get(id) ?? null);
  }
}
