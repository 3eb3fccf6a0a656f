import { PATIENCE_MS, until } from '../../support/until.js';
import { ErrandCell } from './errand-cell.js';

/**
 * A worker is stopped (SIGSTOP, as a machine that swaps, or a debugger) with a job in its hands, right before it would
 * record the effect. Its lease passes, another worker does the job, and then the first one wakes and goes on.
 */
describe('A job held past its lease by a stopped process', () => {
  let cell: ErrandCell;
  beforeEach(async () => {
    cell = await ErrandCell.start(null);
  });
  afterEach(() => cell.stop());

  async function wokenTooLate(fenced: boolean): Promise<string[]> {
    const stop = { seed: 1, points: { 'jobs.before-finish': { mode: 'stop', atHit: 1 } } } as const;
    const sleeper = await cell.worker('the sleeper', { fenced }, stop);
    const { errandId } = await cell.ask(0);
    const leaseIsOver = `select lease_until < now() as met from es.job`;
    expect(await cell.becomes(leaseIsOver, [], PATIENCE_MS)).toBe(true);
    await cell.worker('the other');
    expect(await cell.isQuiet(PATIENCE_MS)).toBe(true);
    sleeper.signal('SIGCONT');
    // It is awake, and through with what it was at, once it has done another errand.
    cell.workers[1]!.signal('SIGSTOP');
    const { errandId: next } = await cell.ask(0);
    await until(async () => (await cell.effects()).get(next)!.length > 0);
    const effects = await cell.effects();
    expect(effects.get(next)).toEqual(['the sleeper']);
    return effects.get(errandId)!;
  }

  it('changes nothing when it wakes', async () => {
    expect(await wokenTooLate(true)).toEqual(['the other']);
  });

  it('is there twice when the fence is taken away, which shows that the fence is what keeps it', async () => {
    expect((await wokenTooLate(false)).sort()).toEqual(['the other', 'the sleeper']);
  });
});
