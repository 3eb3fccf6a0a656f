import { Body, Controller, Delete, Get, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { planIdOf } from '#catalog/contract.js';
import { CommandBus } from '#event-sourcing/command-bus.js';
import { Database } from '#event-sourcing/sql.js';
import { nameTaken } from '#event-sourcing/unique-name.js';
import { type AccountId, bucketOf, derivedId, id, newId, type PlanId, type SubscriptionId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { type Answered, recorded, resource } from '#platform/http/answer.js';
import { commandMeta } from '#platform/http/command-meta.js';
import { IfMatch } from '#platform/http/etag.js';
import { externalName } from '#platform/http/external-id.js';
import { type Idempotency, Idempotent } from '#platform/http/idempotency.js';
import { pageOf, pageSchema, pageWindow } from '#platform/http/page.js';
import { ApiProblem } from '#platform/openapi/api-problem.js';
import { rowById, rowsNewestFirst } from '#platform/sql/row-query.js';
import {
  type SubscriptionRow,
  SubscriptionView,
  subscriptionPosition,
  subscriptionRows,
} from '../read-models/subscription-details/subscription-details.query.js';
import { CancelSubscription } from '../subscription/cancel-subscription.js';
import { StartSubscription } from '../subscription/start-subscription.js';
import {
  accountNotOpen,
  accountUnknown,
  chargeTooLarge,
  itemUnknown,
  planNotNamed,
  planRetired,
  planUnknown,
  quantityNotTaken,
  startAtInFuture,
  startAtTooOld,
  subscriptionNotFound,
} from '../subscription/subscription.refusals.js';
import { subscriptionAt } from './subscription-address.js';
import { answerWithSubscription, shownSubscriptions } from './subscription-answer.js';
import { Cancellation, NewSubscription, SubscriptionList, SubscriptionPath } from './subscriptions.requests.js';

@ApiTags('Subscriptions')
@Controller('v1/subscriptions')
export class SubscriptionsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly database: Database,
  ) {}

  @Post()
  @ApiOperation({
    operationId: 'createSubscription',
    summary: 'Subscribe an account to a plan',
    description: 'Issues the first invoice and requests its payment in the same step, or starts the trial.',
  })
  @ApiCreatedResponse({ type: SubscriptionView })
  @ApiProblem(
    nameTaken,
    accountUnknown,
    accountNotOpen,
    planUnknown,
    planNotNamed,
    planRetired,
    startAtInFuture,
    startAtTooOld,
    chargeTooLarge,
    quantityNotTaken,
    itemUnknown,
    'currency_mismatch',
  )
  async start(@Body() body: NewSubscription, @Idempotent() idempotency: Idempotency | undefined): Promise<Answered> {
    const accountId: AccountId = id(body.accountId);
    const outcome = await this.commands.execute(
      new StartSubscription(
        {
          // Derived from the key, so that a repeated request meets the subscription that it made.
          subscriptionId: idempotency ? derivedId(accountId, `subscription/${idempotency.key}`) : newId(bucketOf(accountId)),
          accountId,
          planId: planOf(body),
          planCode: body.planCode,
          quantity: body.quantity ?? null,
          items: body.items,
          trialDays: body.trialDays ?? null,
          startAt: body.startAt === undefined ? null : instant(body.startAt),
          anchorDay: body.anchorDay ?? null,
          externalId: body.externalId,
          metadata: body.metadata ?? {},
        },
        commandMeta({ idempotency, ...externalName('subscription', body.externalId), answer: answerWithSubscription(201) }),
      ),
    );
    return recorded(outcome.answer!, outcome.replayed);
  }

  @Get()
  @ApiOperation({
    operationId: 'listSubscriptions',
    summary: 'List subscriptions, newest first',
    description: 'Of one account or of all, in every status unless one is asked for.',
  })
  @ApiOkResponse({ type: pageSchema(SubscriptionView) })
  @ApiProblem('limit_invalid', 'cursor_invalid')
  async list(@Query() query: SubscriptionList): Promise<object> {
    const accountId = query.accountId && id(query.accountId);
    const filters = { account_id: accountId, status: query.status, external_id: query.externalId };
    const window = pageWindow(query, { list: 'subscriptions', ...filters });
    const bucket = accountId && bucketOf(accountId);
    const rows = await rowsNewestFirst<SubscriptionRow>(this.database, subscriptionRows, { bucket, ...filters }, window);
    const shown = await shownSubscriptions(this.database, rows);
    return pageOf(
      [...rows.entries()],
      window,
      ([, row]) => subscriptionPosition(row),
      ([index]) => shown[index]!,
    );
  }

  @Get(':id')
  @ApiOperation({ operationId: 'getSubscription', summary: 'Read a subscription', description: 'As it is now; one that has ended too.' })
  @ApiOkResponse({ type: SubscriptionView })
  @ApiProblem(subscriptionNotFound)
  async read(@Param() path: SubscriptionPath): Promise<Answered> {
    const row = await this.row(await subscriptionAt(this.database, path.id));
    const [shown] = await shownSubscriptions(this.database, [row]);
    return resource(shown, Number(row.version));
  }

  @Delete(':id')
  @ApiOperation({
    operationId: 'cancelSubscription',
    summary: 'Cancel a subscription',
    description: 'Now, or with `atPeriodEnd=true` at the end of the period that is paid for. Canceling it again changes nothing.',
  })
  @ApiOkResponse({ type: SubscriptionView })
  @ApiProblem(subscriptionNotFound)
  async cancel(
    @Param() path: SubscriptionPath,
    @Query() query: Cancellation,
    @Idempotent() idempotency: Idempotency | undefined,
    @IfMatch() expectedVersion: number | undefined,
  ): Promise<Answered> {
    const subscriptionId = await subscriptionAt(this.database, path.id);
    const ends = query.atPeriodEnd === 'true' ? 'at-period-end' : 'now';
    const outcome = await this.commands.execute(
      new CancelSubscription({ subscriptionId, ends }, commandMeta({ idempotency, expectedVersion, answer: answerWithSubscription(200) })),
    );
    return recorded(outcome.answer!, outcome.replayed);
  }

  private async row(subscriptionId: SubscriptionId): Promise<SubscriptionRow> {
    const row = await rowById<SubscriptionRow>(this.database, subscriptionRows, subscriptionId);
    if (!row) throw subscriptionNotFound(`There is no subscription ${subscriptionId}.`);
    return row;
  }
}

function planOf({ planId, planCode }: NewSubscription): PlanId {
  if (planId !== undefined && planCode === undefined) return id(planId);
  if (planCode !== undefined && planId === undefined) return planIdOf(planCode);
  throw planNotNamed('Give either planId or planCode.', { pointer: '/planId' });
}
