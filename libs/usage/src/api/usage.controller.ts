import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { Clock } from '#event-sourcing/clock.js';
import { Database } from '#event-sourcing/sql.js';
import { instant } from '#kernel/instant.js';
import { defineRefusal } from '#kernel/refusal.js';
import { meteredSubscriptions } from '#metering/metered-subscriptions.js';
import { UsageStore } from '#metering/usage-store.js';
import { addressed } from '#platform/http/external-id.js';
import { ApiProblem } from '#platform/openapi/api-problem.js';
import { restForm } from '#platform/views/rest-form.js';
import { subscriptionNotFound } from '#subscriptions/contract.js';
import { UsageView, usageOf, usageRangeInvalid } from '../read-models/usage-of-subscription/usage-of-subscription.query.js';
import { reportedUsage, type UsageEventFields, UsagePath, UsageRangeFields, UsageReport } from './usage.requests.js';
import { UsageResultsView, UsageResultView, usageResult } from './usage-answer.js';

export const usageReportMixed = defineRefusal({
  code: 'usage_report_mixed',
  kind: 'invalid',
  hint: 'Send `{ "events": […] }`, or the fields of one event alone.',
});

@ApiTags('Usage')
@ApiExtraModels(UsageResultView, UsageResultsView)
@Controller('v1')
export class UsageController {
  private readonly store: UsageStore;

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
  ) {
    this.store = new UsageStore(database, clock);
  }

  @ApiOperation({
    operationId: 'reportUsage',
    summary: 'Report usage',
    description:
      'One event, or up to 1,000 in `events`. Each is counted once, whatever is sent again, and is answered by itself: one that is refused ' +
      'says why and leaves the others alone. One event alone is answered with its result alone. What was used in a period that is over ' +
      'is accepted for seven days, and billed on an invoice of its own when they are over.',
  })
  @ApiOkResponse({ schema: { oneOf: [{ $ref: getSchemaPath(UsageResultsView) }, { $ref: getSchemaPath(UsageResultView) }] } })
  @ApiProblem(usageReportMixed)
  @HttpCode(200)
  @Post('usage')
  async report(@Body() body: UsageReport): Promise<UsageResultsView | UsageResultView> {
    const { events: several, ...single } = body;
    const beside = Object.entries(single).find(([, value]) => value !== undefined);
    if (several && beside) throw usageReportMixed(`Beside events there is ${beside[0]}.`, { pointer: `/${beside[0]}` });
    const events = (several ?? [single as UsageEventFields]).map(reportedUsage);
    const admissions = await this.store.report(events);
    const results = events.map((event, index) => usageResult(event, admissions[index]!));
    return several ? { results } : results[0]!;
  }

  @ApiOperation({
    operationId: 'getUsage',
    summary: 'Read what was used of a subscription',
    description:
      'By billing period with its amount so far, by day or by hour. Without a range it is the current period. Of a period that is over, ' +
      'more may come for seven days.',
  })
  @ApiOkResponse({
    schema: { type: 'object', required: ['data'], properties: { data: { type: 'array', items: { $ref: getSchemaPath(UsageView) } } } },
  })
  @ApiExtraModels(UsageView)
  @ApiProblem(subscriptionNotFound, usageRangeInvalid)
  @Get('subscriptions/:id/usage')
  async read(@Param() path: UsagePath, @Query() query: UsageRangeFields): Promise<unknown> {
    const subscriptionId = await addressed(this.database, 'subscription', path.id);
    const [found] = subscriptionId ? await meteredSubscriptions(this.database, [subscriptionId]) : [];
    if (!found) throw subscriptionNotFound(`There is no subscription ${path.id}.`);
    const range = {
      ...(query.from !== undefined && { from: instant(query.from) }),
      ...(query.to !== undefined && { to: instant(query.to) }),
      ...{ metric: query.metric, groupBy: query.groupBy },
    };
    const data = await usageOf(this.database, found.subscription, found.clockTime ?? this.clock.now(), range);
    return { data: data.map(restForm) };
  }
}
