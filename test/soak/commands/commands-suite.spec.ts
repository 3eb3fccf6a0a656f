import { runCommandsSuite } from './commands-suite.js';

const SEED = Number(process.env.PERENNIAL_SEED ?? 20_260_131);

describe('Random command sequences', () => {
  it('are answered as a small model in memory answers them', async () => {
    const { failures } = await runCommandsSuite({ seed: SEED, size: 8 });
    expect({ seed: SEED, failures }).toEqual({ seed: SEED, failures: [] });
  });

  it('are not when renewals are forgotten, and the suite says so with the shortest sequence', async () => {
    const { failures } = await runCommandsSuite({ seed: 1, size: 1, control: true });
    expect(failures).toEqual([expect.stringMatching(/^sequence 0 .*subscribe.*advance.*the periods of/)]);
  });
});
