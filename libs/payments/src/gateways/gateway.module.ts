import { Global, Module } from '@nestjs/common';
import { Config } from '#platform/config/config.js';
import { PaymentGateways } from './payment-gateways.js';
import { verificationProvider } from './payment-method-verification.js';
import { StripeGateway, stripeClient } from './stripe.gateway.js';
import { StripeWebhooks } from './stripe-webhooks.js';

/** The simulator takes any test key. */
const ANY_TEST_KEY = 'sk_test_simulator';

const STRIPE_CLIENT = Symbol('the connection to Stripe');

/** The gateways, of which there is one: Stripe or the simulator, whatever listens at the configured address. */
@Global()
@Module({
  providers: [
    {
      provide: STRIPE_CLIENT,
      useFactory: ({ stripe }: Config) => stripeClient({ ...stripe, apiKey: stripe.apiKey ?? ANY_TEST_KEY }),
      inject: [Config],
    },
    {
      provide: PaymentGateways,
      useFactory: (client: ReturnType<typeof stripeClient>) => new PaymentGateways([new StripeGateway(client)]),
      inject: [STRIPE_CLIENT],
    },
    {
      provide: StripeWebhooks,
      useFactory: (client: ReturnType<typeof stripeClient>, { stripe }: Config) => new StripeWebhooks(client, stripe.webhookSecrets),
      inject: [STRIPE_CLIENT, Config],
    },
    verificationProvider,
  ],
  exports: [PaymentGateways, StripeWebhooks, verificationProvider],
})
export class GatewayModule {}
