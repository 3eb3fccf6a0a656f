import type { PaymentGateway } from './payment-gateway.js';
import { PaymentGateways } from './payment-gateways.js';

const [stripe, other] = ['stripe', 'other'].map((name) => ({ name }) as PaymentGateway) as [PaymentGateway, PaymentGateway];

describe('the gateways of an installation', () => {
  it('are found by their names; new methods are kept at the first', () => {
    const gateways = new PaymentGateways([stripe, other]);
    expect(gateways.named('other')).toBe(other);
    expect(gateways.named('stripe')).toBe(stripe);
    expect(gateways.forNewMethods).toBe(stripe);
  });

  it('are never guessed', () => {
    expect(() => new PaymentGateways([stripe]).named('other')).toThrow('There is no gateway other here, only stripe.');
  });

  it('have names of their own', () => {
    expect(() => new PaymentGateways([stripe, stripe])).toThrow('the same name');
  });
});
