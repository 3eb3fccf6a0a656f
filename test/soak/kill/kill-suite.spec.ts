import { runKillSuite } from './kill-suite.js';

const SEED = Number(process.env.PERENNIAL_SEED ?? 20_260_131);

describe('kill -9 under load', () => {
  it('of processes, connections and PostgreSQL loses nothing that was acknowledged, and does nothing twice', async () => {
    const { failures, faults } = await runKillSuite({ seed: SEED, size: 3, only: ['process', 'backend', 'postgres'], unbuilt: true });
    expect({ seed: SEED, failures }).toEqual({ seed: SEED, failures: [] });
    expect(Object.keys(faults).length).toBeGreaterThanOrEqual(2);
  }, 240_000);

  // Its control, commits that do not wait for the disk, takes minutes to come to rest: npm run soak -- kill --size 1 --control
});
