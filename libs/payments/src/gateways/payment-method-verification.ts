import {
  PaymentMethodVerification,
  paymentMethodRefused,
  type VerificationRequest,
  type VerifiedPaymentMethod,
} from '#accounts/contract.js';
import { Database } from '#event-sourcing/sql.js';
import { type AccountId, bucketOf } from '#kernel/ids.js';
import { gatewayUnavailable } from '../payment/payment.refusals.js';
import {
  type AttachedMethod,
  GatewayCustomerMissing,
  GatewayOutcomeUnknown,
  GatewayRefused,
  GatewayUnavailable,
  type PaymentGateway,
} from './payment-gateway.js';
import { PaymentGateways } from './payment-gateways.js';

/** Whoever deletes an account's customer as often as this within one request does it on purpose. */
const MOST_CUSTOMERS = 5;

/** Lets a gateway verify the payment methods of accounts: a customer for the account, and the method attached to it. */
class GatewayVerification extends PaymentMethodVerification {
  constructor(
    private readonly gateways: PaymentGateways,
    private readonly database: Database,
  ) {
    super();
  }

  async verify(request: VerificationRequest): Promise<VerifiedPaymentMethod> {
    try {
      const { gateway: known, ...method } = await this.attach(this.gateways.forNewMethods, request);
      const { gateway: name, customerId, methodId } = known;
      return { ...method, gateway: { name, customerId, methodId } };
    } catch (error) {
      if (error instanceof GatewayRefused)
        throw paymentMethodRefused(`The gateway says: ${error.failure.message}`, { pointer: request.pointer });
      if (error instanceof GatewayOutcomeUnknown || error instanceof GatewayUnavailable) {
        throw gatewayUnavailable('The payment gateway did not answer; nothing was stored.');
      }
      throw error;
    }
  }

  /** To the customer of the account's last method, to its first one, or to the one after a customer that was deleted at the gateway. */
  private async attach(gateway: PaymentGateway, { accountId, token, idempotencyKey }: VerificationRequest): Promise<AttachedMethod> {
    let customerId = await this.customerOf(accountId, gateway.name);
    for (let gone: string | null = null, made = 0; ; ) {
      customerId ??= await gateway.createCustomer(accountId, customerKey(accountId, gone));
      try {
        return await gateway.attachMethod(customerId, token, `${idempotencyKey}/attach/${customerId}`);
      } catch (error) {
        if (!(error instanceof GatewayCustomerMissing) || made === MOST_CUSTOMERS) throw error;
        made += 1;
        gone = customerId;
        customerId = null;
      }
    }
  }

  private async customerOf(accountId: AccountId, gateway: string): Promise<string | null> {
    const [row] = await this.database.query<{ customer_id: string }>(
      `select customer_id from payments.payment_method
        where bucket = $1::smallint and account_id = $2::uuid and gateway = $3 order by added_in desc limit 1`,
      [bucketOf(accountId), accountId, gateway],
    );
    return row?.customer_id ?? null;
  }
}

/** How the accounts' port is provided: its module has no need to know of payments. */
export const verificationProvider = {
  provide: PaymentMethodVerification,
  useFactory: (gateways: PaymentGateways, database: Database) => new GatewayVerification(gateways, database),
  inject: [PaymentGateways, Database],
};

/** One customer for an account, however often and by however many it is asked for; and one after each that is gone. */
function customerKey(accountId: AccountId, gone: string | null): string {
  return `perennial/${accountId}/customer${gone ? `/after/${gone}` : ''}`;
}
