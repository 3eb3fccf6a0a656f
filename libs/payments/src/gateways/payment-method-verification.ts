import {
  PaymentMethodVerification,
  paymentMethodRefused,
  type VerificationRequest,
  type VerifiedPaymentMethod,
} from '#accounts/contract.js';
import type { AccountId } from '#kernel/ids.js';
import { gatewayUnavailable } from '../payment/payment.refusals.js';
import { GatewayOutcomeUnknown, GatewayRefused, GatewayUnavailable, PaymentGateway } from './payment-gateway.js';

/** Lets the gateway verify the payment methods of accounts: a customer for the account, and the method attached to it. */
class GatewayVerification extends PaymentMethodVerification {
  constructor(private readonly gateway: PaymentGateway) {
    super();
  }

  async verify(request: VerificationRequest): Promise<VerifiedPaymentMethod> {
    try {
      const customerId = request.customerId ?? (await this.gateway.createCustomer(request, customerKeyOf(request.accountId)));
      return await this.gateway.attachMethod(customerId, request.token, `${request.idempotencyKey}/attach`);
    } catch (error) {
      if (error instanceof GatewayRefused)
        throw paymentMethodRefused(`The gateway says: ${error.failure.message}`, { pointer: request.pointer });
      if (error instanceof GatewayOutcomeUnknown || error instanceof GatewayUnavailable) {
        throw gatewayUnavailable('The payment gateway did not answer; nothing was stored.');
      }
      throw error;
    }
  }
}

/** How the accounts' port is provided: its module has no need to know of payments. */
export const verificationProvider = {
  provide: PaymentMethodVerification,
  useFactory: (gateway: PaymentGateway) => new GatewayVerification(gateway),
  inject: [PaymentGateway],
};

/** One customer for an account, however often it is asked for. */
function customerKeyOf(accountId: AccountId): string {
  return `perennial/${accountId}/customer`;
}
