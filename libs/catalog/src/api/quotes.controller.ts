import { Body, Controller, HttpCode, Inject, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { Clock } from '#event-sourcing/clock.js';
import { Database } from '#event-sourcing/sql.js';
import { ApiProblem } from '#platform/openapi/api-problem.js';
import { restForm } from '#platform/views/rest-form.js';
import { planNotFound } from '../plan/plan.refusals.js';
import { discountInvalid, quantityNotTaken, quoteItemInvalid, quotePeriodInvalid, usageInvalid } from '../quote/quote.refusals.js';
import { QuoteView } from './quote-view.js';
import { QuoteFields } from './quotes.requests.js';
import { quoted } from './quoting.js';

@ApiTags('Quotes')
@Controller('v1/quotes')
export class QuotesController {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @ApiOperation({
    operationId: 'createQuote',
    summary: 'Quote a price',
    description:
      'What plans or prices would come to for a quantity, a period, usage or a change, computed by the code that bills, with each step ' +
      'explained. Nothing is stored. No tax is computed yet.',
  })
  @ApiOkResponse({ type: QuoteView })
  @ApiProblem(
    ...[planNotFound, quantityNotTaken, usageInvalid, quotePeriodInvalid, quoteItemInvalid, discountInvalid],
    ...(['currency_mismatch', 'price_invalid', 'price_terms_invalid', 'tiers_invalid', 'amount_invalid'] as const),
    ...(['decimal_invalid', 'instant_invalid', 'usage_property_invalid'] as const),
  )
  @HttpCode(200)
  @Post()
  async quote(@Body() body: QuoteFields): Promise<unknown> {
    return restForm(await quoted(this.database, this.clock.now(), body));
  }
}
