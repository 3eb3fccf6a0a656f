import { Inject, Injectable } from '@nestjs/common';
import type { PlanId } from '#kernel/ids.js';
import type { LoaderRegistry } from '#platform/graphql/loaders.js';
import type { PlanDetails } from '../read-models/plan-details/plan-details.js';
import { PlanDetailsQuery } from '../read-models/plan-details/plan-details.query.js';
import { type PlanVersionKey, PlanVersionQuery } from '../read-models/plan-version/plan-version.query.js';
import { inVersion } from './plan-resource.js';

/** Plans for GraphQL: however many are asked for in one round, they are one query (two where versions are named). */
@Injectable()
export class PlanLoader {
  constructor(
    @Inject(PlanDetailsQuery) private readonly plans: PlanDetailsQuery,
    @Inject(PlanVersionQuery) private readonly versions: PlanVersionQuery,
  ) {}

  /** The plan in its newest version; null for one that does not exist. */
  load(loaders: LoaderRegistry, id: PlanId): Promise<PlanDetails | null> {
    return loaders.for<PlanId, PlanDetails | null>('planById', (ids) => this.plans.byIds(ids)).load(id);
  }

  /** The plan as a subscription has agreed to it. */
  async loadVersion(loaders: LoaderRegistry, key: PlanVersionKey): Promise<PlanDetails | null> {
    const versions = loaders.for<PlanVersionKey, Awaited<ReturnType<PlanVersionQuery['byKeys']>>[number]>('planVersionByKey', (keys) =>
      this.versions.byKeys(keys),
    );
    const [plan, version] = await Promise.all([this.load(loaders, key.planId), versions.load(key)]);
    return plan && version && inVersion(plan, version);
  }
}
