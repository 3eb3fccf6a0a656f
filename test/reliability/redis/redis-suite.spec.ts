import { NOBODY_SWEEPS, redisFaults, runRedisSuite } from './redis-suite.js';

const SEED = Number(process.env.PERENNIAL_SEED ?? 20_260_131);

describe('Jobs, with Redis as their doorbell', () => {
  it('are neither lost nor done twice, whatever happens to Redis and to the workers', async () => {
    const { failures, faults, errands } = await runRedisSuite({ seed: SEED, size: redisFaults.length });
    expect({ seed: SEED, failures }).toEqual({ seed: SEED, failures: [] });
    expect(Object.keys(faults)).toEqual([...redisFaults]);
    expect(errands).toBeGreaterThanOrEqual(8 * redisFaults.length);
  });

  it('are lost in a flush when nobody sweeps, which shows that the sweeper is what finds them', async () => {
    const { failures } = await runRedisSuite({ ...NOBODY_SWEEPS, seed: SEED, size: 1 });
    expect(failures.filter((failure) => failure.includes('has 0 effects')).length).toBeGreaterThan(0);
  });
});
