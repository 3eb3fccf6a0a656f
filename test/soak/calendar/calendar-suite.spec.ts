import { runCalendarSuite } from './calendar-suite.js';

const SEED = Number(process.env.PERENNIAL_SEED ?? 20_280_229);

describe('Billing periods', () => {
  it('of any zone, anchor and interval are those found by walking day by day', async () => {
    const { failures } = await runCalendarSuite({ seed: SEED, size: 400 });
    expect({ seed: SEED, failures }).toEqual({ seed: SEED, failures: [] });
  });

  it('are others when each is computed from the one before, and the suite says so', async () => {
    const { failures } = await runCalendarSuite({ seed: SEED, size: 60, control: true });
    expect(failures.length).toBeGreaterThan(5);
  });
});
