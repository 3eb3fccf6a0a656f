import { Body, Controller, Get, Inject, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { CommandMeta, Outcome } from '#event-sourcing/command.js';
import { CommandBus } from '#event-sourcing/command-bus.js';
import { Database } from '#event-sourcing/sql.js';
import { bucketOf, id, type PlanId } from '#kernel/ids.js';
import { type Answered, recorded, resource } from '#platform/http/answer.js';
import { commandMeta } from '#platform/http/command-meta.js';
import { etagOf, IfMatch } from '#platform/http/etag.js';
import { type Idempotency, Idempotent } from '#platform/http/idempotency.js';
import { type Page, PageRequest, pageOf, pageSchema, pageWindow } from '#platform/http/page.js';
import { ApiProblem } from '#platform/openapi/api-problem.js';
import { rowById, rowsNewestFirst } from '#platform/sql/row-query.js';
import { planIdOf } from '../plan/plan.policies.js';
import {
  planCodeTaken,
  planNotFound,
  planVersionNotFound,
  planWithoutPrices,
  priceCodeRepeated,
  trialDaysInvalid,
} from '../plan/plan.refusals.js';
import { PublishPlan } from '../plan/publish-plan.js';
import { RevisePlan } from '../plan/revise-plan.js';
import { type PlanRow, PlanView, planFilters, planPosition, planRows, planView } from '../read-models/plan-details/plan-details.query.js';
import {
  inVersion,
  type PlanVersionRow,
  planVersionPosition,
  planVersionRows,
  versionView,
} from '../read-models/plan-version/plan-version.query.js';
import { planForm } from './plan-form.js';
import { NewPlan, PlanChanges, PlanClone, PlanList, PlanPath, PlanReading } from './plans.requests.js';
import { proposedPrice } from './price.requests.js';

const offerProblems = [
  planWithoutPrices,
  priceCodeRepeated,
  trialDaysInvalid,
  'price_invalid',
  'price_terms_invalid',
  'tiers_invalid',
  'interval_invalid',
  'amount_invalid',
  'decimal_invalid',
] as const;

@ApiTags('Plans')
@Controller('v1/plans')
export class PlansController {
  constructor(
    @Inject(CommandBus) private readonly bus: CommandBus,
    @Inject(Database) private readonly database: Database,
  ) {}

  @ApiOperation({ operationId: 'createPlan', summary: 'Publish a plan', description: 'It can be subscribed to at once.' })
  @ApiCreatedResponse({ type: PlanView })
  @ApiProblem(planCodeTaken, ...offerProblems)
  @Post()
  async publish(@Body() body: NewPlan, @Idempotent() idempotency: Idempotency | undefined): Promise<Answered> {
    const { code, name } = body;
    const trialDays = body.trialDays ?? 0;
    const metadata = body.metadata ?? {};
    const planId = planIdOf(code);
    const meta = commandMeta({ idempotency, answer: answerWithPlan(planId, 201) });
    const prices = body.prices.map(proposedPrice);
    return answered(
      await this.bus.execute(new PublishPlan({ planId, code, name, interval: { ...body.interval }, trialDays, prices, metadata }, meta)),
    );
  }

  @ApiOperation({ operationId: 'listPlans', summary: 'List plans, newest first', description: 'Each in its newest version.' })
  @ApiOkResponse({ type: pageSchema(PlanView) })
  @ApiProblem('limit_invalid', 'cursor_invalid')
  @Get()
  async list(@Query() { limit, cursor, active, interval, ...asked }: PlanList): Promise<Page<object>> {
    const { code, codePrefix, currency } = asked;
    const window = pageWindow({ limit, cursor }, { list: 'plans', active, code, codePrefix, currency, interval });
    const filters = planFilters({ active: active && active === 'true', code, codePrefix, currency, intervalUnit: interval });
    const rows = await rowsNewestFirst<PlanRow>(this.database, planRows, filters, window);
    return pageOf(rows, window, planPosition, (row) => planForm(planView(row)));
  }

  @ApiOperation({ operationId: 'getPlan', summary: 'Read a plan', description: 'In its newest version, or in the one that is asked for.' })
  @ApiOkResponse({ type: PlanView })
  @ApiProblem(planNotFound, planVersionNotFound)
  @Get(':id')
  async read(@Param() path: PlanPath, @Query() { version }: PlanReading): Promise<Answered> {
    const planId = id<'plan'>(path.id);
    const row = await this.found(planId);
    const newest = planView(row);
    const plan = version === undefined ? newest : await inVersion(this.database, newest, Number(version));
    if (!plan) throw planVersionNotFound(`The plan ${planId} has no version ${version}.`, { pointer: '/version' });
    return resource(planForm(plan), Number(row.version));
  }

  @ApiOperation({
    operationId: 'listPlanVersions',
    summary: 'List the versions of a plan, newest first',
    description: 'What each offered, also those that nobody can subscribe to any more.',
  })
  @ApiOkResponse({ type: pageSchema(PlanView) })
  @ApiProblem(planNotFound, 'limit_invalid', 'cursor_invalid')
  @Get(':id/versions')
  async versions(@Param() path: PlanPath, @Query() { limit, cursor }: PageRequest): Promise<Page<object>> {
    const planId = id<'plan'>(path.id);
    const plan = planView(await this.found(planId));
    const window = pageWindow({ limit, cursor }, { list: 'plan-versions', planId });
    const filters = { bucket: bucketOf(planId), plan_id: planId };
    const rows = await rowsNewestFirst<PlanVersionRow>(this.database, planVersionRows, filters, window);
    return pageOf(rows, window, planVersionPosition, (row) => planForm(versionView(plan, row)));
  }

  @ApiOperation({
    operationId: 'clonePlan',
    summary: 'Clone a plan',
    description: 'Publishes a new plan with all that the newest version of this one offers. Neither changes with the other from then on.',
  })
  @ApiCreatedResponse({ type: PlanView })
  @ApiProblem(planNotFound, planCodeTaken)
  @Post(':id/clone')
  async clone(
    @Param() path: PlanPath,
    @Body() { code, name }: PlanClone,
    @Idempotent() idempotency: Idempotency | undefined,
  ): Promise<Answered> {
    const { name: known, interval, trial_days: trialDays, prices, metadata } = await this.found(id<'plan'>(path.id));
    const planId = planIdOf(code);
    const meta = commandMeta({ idempotency, answer: answerWithPlan(planId, 201) });
    return answered(
      await this.bus.execute(new PublishPlan({ planId, code, name: name ?? known, interval, trialDays, prices, metadata }, meta)),
    );
  }

  @ApiOperation({
    operationId: 'updatePlan',
    summary: 'Change a plan',
    description:
      'A change makes a new version; what is left out is as in the version before. Subscriptions keep the version they have. ' +
      '`active` alone retires or reactivates the plan without a new version.',
  })
  @ApiOkResponse({ type: PlanView })
  @ApiProblem(planNotFound, ...offerProblems, 'change_empty')
  @Patch(':id')
  async revise(
    @Param() path: PlanPath,
    @Body() { active, name, interval, trialDays, prices, metadata }: PlanChanges,
    @IfMatch() expectedVersion: number | undefined,
    @Idempotent() idempotency: Idempotency | undefined,
  ): Promise<Answered> {
    const planId = id<'plan'>(path.id);
    const changes = { name, interval: interval && { ...interval }, trialDays, prices: prices?.map(proposedPrice), metadata };
    const meta = commandMeta({ idempotency, expectedVersion, answer: answerWithPlan(planId, 200) });
    return answered(await this.bus.execute(new RevisePlan({ planId, changes: given(changes), active }, meta)));
  }

  private async found(planId: PlanId): Promise<PlanRow> {
    const row = await rowById<PlanRow>(this.database, planRows, planId);
    if (!row) throw planNotFound(`There is no plan ${planId}.`);
    return row;
  }
}

/** The plan as the command has left it, read in the command's own transaction. */
function answerWithPlan(planId: PlanId, status: 200 | 201): NonNullable<CommandMeta['answer']> {
  return async (sql, { version }) => {
    const location: Record<string, string> = status === 201 ? { Location: `/v1/plans/${planId}` } : {};
    const row = await rowById<PlanRow>(sql, planRows, planId);
    return { status, headers: { ETag: etagOf(version), ...location }, body: planForm(planView(row!)) };
  };
}

function answered({ answer, replayed }: Outcome): Answered {
  return recorded(answer!, replayed);
}

function given<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}
