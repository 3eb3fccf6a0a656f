import { Incidents } from '#event-sourcing/incidents.js';
import type { ClaimedJob } from '#event-sourcing/jobs.js';
import { SetClock } from '#event-sourcing/testing/engine.js';
import { instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import type { Intent, IntentState, PaymentGateway, TimeRange } from '../gateways/payment-gateway.js';
import { PaymentGateways } from '../gateways/payment-gateways.js';
import { anAmount, aPaymentId } from '../payment/payment.examples.js';
import type { BookedPayment, Difference } from '../reconciliation/compare-books.js';
import type { BookedPayments } from '../stores/booked-payments.store.js';
import type { DifferenceRecords } from '../stores/difference-records.store.js';
import { ReconcileGateway, reconciliationRhythm } from './reconcile-gateway.job.js';
import { nextRun } from './recurring-jobs.js';

const taken: BookedPayment = { paymentId: aPaymentId, intentId: 'pi_1', status: 'succeeded', amount: anAmount, inLedger: anAmount };
const day = { from: instant('2026-01-30T00:00:00Z'), to: instant('2026-01-31T00:00:00Z') };
const succeeded = (amount = anAmount): IntentState => ({ status: 'succeeded', chargeId: 'ch_1', amount });

/** A gateway that lists nothing of the day, asked for the intent of a payment that we have booked in it. */
async function reconciled(state: IntentState | null, open: readonly string[] = [], booked: readonly BookedPayment[] = [taken]) {
  const ranges: TimeRange[] = [];
  const intent: Intent | null = state && { intentId: 'pi_1', customerId: 'cus_1', amount: anAmount, paymentId: aPaymentId, state };
  const gateway = { name: 'stripe', async *movements() {}, intent: async () => intent } as unknown as PaymentGateway;
  const books = {
    async *takenIn(_name: string, range: TimeRange) {
      ranges.push(range);
      yield booked;
    },
    loosePostings: async () => [],
    named: async () => new Map([[aPaymentId, taken]]),
  } as unknown as BookedPayments;
  const agreed: string[] = [];
  const records = {
    openIntents: async () => open,
    keep: async (_name: string, differences: readonly Difference[], same: ReadonlySet<string>) => {
      agreed.push(...same);
      return differences;
    },
  } as unknown as DifferenceRecords;
  const job = new ReconcileGateway(new PaymentGateways([gateway]), books, records, new SetClock(), new Incidents());
  const { differences } = await job.reconcile('stripe', day);
  return { differences: differences.map(({ kind }) => kind), agreed, ranges, job };
}

describe('reconciling a gateway', () => {
  it('asks for a payment that we have booked and that is not among what was listed, and believes the answer', async () => {
    expect(await reconciled(succeeded())).toMatchObject({ differences: [], agreed: ['pi_1'] });
    expect(await reconciled(succeeded(Money.of(1n, 'USD')))).toMatchObject({ differences: ['amount_differs'], agreed: [] });
  });

  it.each<IntentState | null>([null, { status: 'canceled' }, { status: 'processing' }, { status: 'unconfirmed' }])(
    'finds nothing taken where the gateway says %j',
    async (state) => {
      expect(await reconciled(state)).toMatchObject({ differences: ['unknown_at_gateway'], agreed: [] });
    },
  );

  it('looks again at what differed before, and finds it right once it is', async () => {
    expect(await reconciled(succeeded(), ['pi_1'], [])).toMatchObject({ differences: [], agreed: ['pi_1'] });
    expect(await reconciled({ status: 'processing' }, ['pi_1'], [])).toMatchObject({ differences: [], agreed: [] });
  });

  it('runs at two in the morning for the whole day that ended two hours before', async () => {
    const at = nextRun(instant('2026-01-31T01:00:00Z'), reconciliationRhythm.everyMs, reconciliationRhythm.offsetMs);
    expect(at).toBe(instant('2026-01-31T02:00:00Z'));
    const { job, ranges } = await reconciled(succeeded());
    let finished = 0;
    await job.run({ payload: { gateway: 'stripe', at } } as unknown as ClaimedJob, async () => {
      finished += 1;
      return undefined;
    });
    expect(ranges.at(-1)).toMatchObject(day);
    expect(finished).toBe(1);
  });
});
