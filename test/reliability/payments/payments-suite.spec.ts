import { runPaymentsSuite } from './payments-suite.js';

const SEED = Number(process.env.PERENNIAL_SEED ?? 20_260_131);
const SIZE = 60;

describe('Payments, through a gateway that fails in every way', () => {
  it('are charged once, end known, and agree with the gateway and the ledger to the cent', async () => {
    const { failures, faults, outcomes } = await runPaymentsSuite({ seed: SEED, size: SIZE });
    expect({ seed: SEED, failures }).toEqual({ seed: SEED, failures: [] });
    expect(Object.keys(faults).length).toBeGreaterThanOrEqual(15);
    expect(outcomes.onceUnknown).toBeGreaterThan(0);
    expect(outcomes.succeeded! + outcomes.failed!).toBeGreaterThanOrEqual(SIZE);
  });

  it('are charged twice where each run charges without asking, which shows what the protocol is for', async () => {
    const { failures } = await runPaymentsSuite({ seed: SEED, size: 12, careless: 'charge-again' });
    expect(failures.filter((failure) => / was charged \d+ times/.test(failure)).length).toBeGreaterThan(0);
  });

  it('leave intents behind that nobody knows where each try has a key of its own and does not look for the last one', async () => {
    const { failures } = await runPaymentsSuite({ seed: SEED, size: 12, careless: 'fresh-keys' });
    expect(failures.filter((failure) => failure.includes('which no payment knows')).length).toBeGreaterThan(0);
  });
});
