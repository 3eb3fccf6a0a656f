import { Controller, Headers, HttpCode, Post, Req } from '@nestjs/common';
import { ApiBody, ApiHeader, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';
import { Public } from '#platform/auth/auth.guard.js';
import { ApiProblem } from '#platform/openapi/api-problem.js';
import { STRIPE } from '../gateways/stripe.gateway.js';
import { StripeWebhooks } from '../gateways/stripe-webhooks.js';
import { webhookEventUnreadable, webhookSignatureInvalid } from '../payment/payment.refusals.js';
import { GatewayInbox } from '../stores/gateway-inbox.store.js';

@ApiTags('Payments')
@Controller('v1/webhooks')
export class StripeWebhooksController {
  constructor(
    private readonly webhooks: StripeWebhooks,
    private readonly inbox: GatewayInbox,
  ) {}

  /** Answered as soon as it is kept: Stripe waits for few seconds, and repeats for days what was not answered. */
  @Public()
  @Post('stripe')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'receiveStripeEvent',
    summary: 'Receive an event of Stripe',
    description: 'Proven by its signature instead of a key. The same event counts once.',
  })
  @ApiHeader({ name: 'Stripe-Signature', required: true })
  @ApiBody({ schema: { type: 'object', description: 'The event, as Stripe signs it.' } })
  @ApiOkResponse({ schema: { type: 'object', properties: { received: { type: 'boolean' } } } })
  @ApiProblem(webhookSignatureInvalid, webhookEventUnreadable)
  async receive(@Req() request: Request, @Headers('stripe-signature') signature: string | undefined): Promise<{ received: true }> {
    await this.inbox.receive(STRIPE, this.webhooks.read(request.rawBody ?? Buffer.alloc(0), signature ?? ''));
    return { received: true };
  }
}
