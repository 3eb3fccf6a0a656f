import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CommandBus } from '#event-sourcing/command-bus.js';
import { Database } from '#event-sourcing/sql.js';
import { type Answered, recorded } from '#platform/http/answer.js';
import { commandMeta } from '#platform/http/command-meta.js';
import { type Idempotency, Idempotent } from '#platform/http/idempotency.js';
import { ApiProblem } from '#platform/openapi/api-problem.js';
import { BillingFailures, BillingFailuresView } from '../read-models/billing-failures.query.js';
import { SubscriptionView } from '../read-models/subscription-details/subscription-details.query.js';
import { RetryBilling } from '../subscription/retry-billing.js';
import { subscriptionNotActive, subscriptionNotFound } from '../subscription/subscription.refusals.js';
import { subscriptionAt } from './subscription-address.js';
import { answerWithSubscription } from './subscription-answer.js';
import { BillingRetry, SubscriptionPath } from './subscriptions.requests.js';

/** Subscriptions that could not be billed: set aside with the reason, so that they hold up no others. */
@ApiTags('Subscriptions')
@Controller('v1')
export class BillingFailuresController {
  constructor(
    private readonly commands: CommandBus,
    private readonly failures: BillingFailures,
    private readonly database: Database,
  ) {}

  @Get('billing-failures')
  @ApiOperation({
    operationId: 'listBillingFailures',
    summary: 'List the subscriptions that could not be billed',
    description: 'The 100 that were set aside last, and how many there are.',
  })
  @ApiOkResponse({ type: BillingFailuresView })
  list(): Promise<BillingFailuresView> {
    return this.failures.newest();
  }

  @Post('subscriptions/:id/retry-billing')
  @ApiOperation({
    operationId: 'retryBilling',
    summary: 'Bill a subscription again that could not be billed',
    description: 'What was due is due again, at the time it was due. The reason is kept.',
  })
  @ApiOkResponse({ type: SubscriptionView })
  @ApiProblem(subscriptionNotFound, subscriptionNotActive)
  async retry(
    @Param() path: SubscriptionPath,
    @Body() { reason }: BillingRetry,
    @Idempotent() idempotency: Idempotency | undefined,
  ): Promise<Answered> {
    const subscriptionId = await subscriptionAt(this.database, path.id);
    const meta = commandMeta({ idempotency, answer: answerWithSubscription(200) });
    const outcome = await this.commands.execute(new RetryBilling({ subscriptionId, reason }, meta));
    return recorded(outcome.answer!, outcome.replayed);
  }
}
