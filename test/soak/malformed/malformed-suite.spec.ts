import { runMalformedSuite } from './malformed-suite.js';

const SEED = Number(process.env.PERENNIAL_SEED ?? 20_260_131);

describe('Bad requests', () => {
  it('are refused with problem documents, and never end in a failure of the server', async () => {
    const { failures, faults } = await runMalformedSuite({ seed: SEED, size: 800 });
    expect({ seed: SEED, failures }).toEqual({ seed: SEED, failures: [] });
    expect(Object.keys(faults)).toHaveLength(7);
  });

  it('that do end in one are noticed', async () => {
    const { failures } = await runMalformedSuite({ seed: SEED, size: 200, control: true });
    expect(failures).toEqual(expect.arrayContaining([expect.stringContaining('Answered with 500')]));
  });
});
