import { Money } from '#kernel/money.js';
import type { GatewayMovement } from '../gateways/payment-gateway.js';
import { anAmount, aPaymentId } from '../payment/payment.examples.js';
import { type BookedPayment, compareBooked, compareMovement } from './compare-books.js';

const usd = (cents: bigint) => Money.of(cents, 'USD');
const booked = (changes: Partial<BookedPayment> = {}): BookedPayment => ({
  ...{ paymentId: aPaymentId, intentId: 'pi_1', status: 'succeeded', amount: anAmount, inLedger: anAmount },
  ...changes,
});
const charge = (changes: Partial<GatewayMovement> = {}): GatewayMovement => ({
  ...{ kind: 'charge', objectId: 'pi_1', intentId: 'pi_1', paymentId: aPaymentId, amount: anAmount },
  ...changes,
});

describe('comparing the gateway, our payments and our ledger', () => {
  it('finds nothing where all three say the same', () => {
    expect(compareMovement(charge(), booked())).toBeNull();
    expect(compareBooked(booked(), anAmount)).toBeNull();
  });

  it.each<[string, GatewayMovement, BookedPayment | undefined, object]>([
    [
      'a charge of nobody',
      charge({ paymentId: null }),
      undefined,
      { kind: 'unknown_at_us', objectId: 'pi_1', atGateway: anAmount, inPayments: null },
    ],
    [
      'a charge that names another’s payment',
      charge({ objectId: 'pi_2', intentId: 'pi_2' }),
      booked(),
      { kind: 'unknown_at_us', objectId: 'pi_2', paymentId: aPaymentId },
    ],
    [
      'a charge of a payment that failed',
      charge(),
      booked({ status: 'failed', inLedger: null }),
      { kind: 'unknown_at_us', inPayments: null, atGateway: anAmount },
    ],
    [
      'a charge whose news are on their way',
      charge(),
      booked({ status: 'unknown', inLedger: null }),
      { kind: 'pending', inPayments: null },
    ],
    [
      'a cent too much at the gateway',
      charge({ amount: usd(2901n) }),
      booked(),
      { kind: 'amount_differs', atGateway: usd(2901n), inPayments: anAmount },
    ],
    ['a cent missing in the ledger', charge(), booked({ inLedger: usd(2899n) }), { kind: 'amount_differs', inLedger: usd(2899n) }],
    ['no posting at all', charge(), booked({ inLedger: null }), { kind: 'amount_differs', inLedger: null }],
    ['the same number in another currency', charge({ amount: Money.of(2900n, 'EUR') }), booked(), { kind: 'amount_differs' }],
    [
      'a refund that we did not make',
      charge({ kind: 'refund', objectId: 're_1', amount: usd(-2900n) }),
      undefined,
      { kind: 'unknown_at_us', objectId: 're_1', atGateway: usd(-2900n) },
    ],
  ])('finds %s', (_, movement, ours, difference) => {
    expect(compareMovement(movement, ours)).toMatchObject(difference);
  });

  it('finds money in our books that the gateway never took', () => {
    expect(compareBooked(booked(), null)).toMatchObject({
      kind: 'unknown_at_gateway',
      objectId: 'pi_1',
      atGateway: null,
      inPayments: anAmount,
    });
    expect(compareBooked(booked(), usd(2899n))).toMatchObject({ kind: 'amount_differs', atGateway: usd(2899n) });
  });
});
