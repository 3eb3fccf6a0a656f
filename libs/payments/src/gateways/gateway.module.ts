import { Global, Module } from '@nestjs/common';
import { Config } from '#platform/config/config.js';
import { PaymentGateway } from './payment-gateway.js';
import { verificationProvider } from './payment-method-verification.js';
import { StripeGateway, stripeClient } from './stripe.gateway.js';
import { StripeWebhooks } from './stripe-webhooks.js';

/** The simulator takes any test key. */
const ANY_TEST_KEY = 'sk_test_simulator';

const STRIPE = Symbol('Stripe');

/** The one connection to the gateway: Stripe or the simulator, whatever listens at the configured address. */
@Global()
@Module({
  providers: [
    {
      provide: STRIPE,
      useFactory: ({ stripe }: Config) => stripeClient({ ...stripe, apiKey: stripe.apiKey ?? ANY_TEST_KEY }),
      inject: [Config],
    },
    { provide: PaymentGateway, useFactory: (client: ReturnType<typeof stripeClient>) => new StripeGateway(client), inject: [STRIPE] },
    {
      provide: StripeWebhooks,
      useFactory: (client: ReturnType<typeof stripeClient>, { stripe }: Config) => new StripeWebhooks(client, stripe.webhookSecrets),
      inject: [STRIPE, Config],
    },
    verificationProvider,
  ],
  exports: [PaymentGateway, StripeWebhooks, verificationProvider],
})
export class GatewayModule {}
