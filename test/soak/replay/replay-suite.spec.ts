import { runReplaySuite } from './replay-suite.js';

const SEED = 1;

describe('A replay of the log', () => {
  it('gives the rows that are served, and the same ones the next time', async () => {
    const { failures, rows } = await runReplaySuite({ seed: SEED, size: 120 });
    expect(failures).toEqual([]);
    expect(rows).toBeGreaterThan(30);
  });

  it('gives others than a table that has lost a row, and the suite says so', async () => {
    const { failures } = await runReplaySuite({ seed: SEED, size: 40, control: true });
    expect(failures).toEqual(
      expect.arrayContaining([expect.stringMatching(/^subscriptions.subscription_details: .* are not what a replay/)]),
    );
  });
});
