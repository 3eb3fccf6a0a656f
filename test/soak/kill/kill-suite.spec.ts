import { runKillSuite } from './kill-suite.js';

const SEED = Number(process.env.PERENNIAL_SEED ?? 20_260_131);

describe('kill -9 under load', () => {
  it('of API, worker, connections, PostgreSQL and Redis loses nothing that was acknowledged, and does nothing twice', async () => {
    const only = ['worker', 'backend', 'PostgreSQL', 'Redis', 'api'] as const;
    const { failures, faults } = await runKillSuite({ seed: SEED, size: only.length, only, apis: 1, unbuilt: true });
    expect({ seed: SEED, failures }).toEqual({ seed: SEED, failures: [] });
    expect(Object.keys(faults)).toEqual([...only]);
  });

  it('loses what was acknowledged where commits do not wait for the disk, which shows that the suite sees it', async () => {
    const { failures } = await runKillSuite({ seed: SEED, size: 2, control: true, apis: 1, workers: 1, unbuilt: true });
    expect(failures.filter((failure) => /I6 .* was answered with 20\d, and its \w+ is not there/.test(failure))).not.toEqual([]);
  });
});
