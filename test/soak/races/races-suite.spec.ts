import { runRacesSuite } from './races-suite.js';

const SEED = Number(process.env.PERENNIAL_SEED ?? 20_260_131);

describe('50 requests at once for the same', () => {
  it('have one effect and one answer', async () => {
    const { failures, requests } = await runRacesSuite({ seed: SEED, size: 6 });
    expect({ seed: SEED, failures }).toEqual({ seed: SEED, failures: [] });
    expect(requests).toBeGreaterThanOrEqual(300);
  });

  it('have fifty effects without a key, and the suite says so', async () => {
    const { failures } = await runRacesSuite({ seed: SEED, size: 1, control: true });
    expect(failures).toEqual(expect.arrayContaining([expect.stringContaining('50 events SubscriptionStarted came of 50 requests')]));
  });
});
