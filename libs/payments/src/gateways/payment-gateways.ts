import type { PaymentGateway } from './payment-gateway.js';

/** The gateways that this installation knows, by their names. */
export class PaymentGateways {
  private readonly byName: ReadonlyMap<string, PaymentGateway>;

  /** The first one is where new payment methods are kept. */
  constructor(readonly all: readonly [PaymentGateway, ...PaymentGateway[]]) {
    this.byName = new Map(all.map((gateway) => [gateway.name, gateway]));
    if (this.byName.size < all.length) throw new Error('Two gateways have the same name.');
  }

  get forNewMethods(): PaymentGateway {
    return this.all[0];
  }

  /** Throws where something stored names a gateway that this installation does not have: nothing of it can be asked or told. */
  named(name: string): PaymentGateway {
    const gateway = this.byName.get(name);
    if (!gateway) throw new Error(`There is no gateway ${name} here, only ${[...this.byName.keys()].join(', ')}.`);
    return gateway;
  }
}
