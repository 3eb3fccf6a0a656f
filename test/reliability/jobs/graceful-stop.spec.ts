import { PATIENCE_MS } from '../../support/until.js';
import { ErrandCell } from './errand-cell.js';

describe('SIGTERM', () => {
  let cell: ErrandCell;
  beforeEach(async () => {
    cell = await ErrandCell.start(null);
  });
  afterEach(() => cell.stop());

  const isHeld = (errandId: string): [string, string[]] => [
    `select exists (select 1 from es.job where payload->>'errandId' = $1 and state = 'leased') as met`,
    [errandId],
  ];

  it('lets a worker finish what it has begun, gives back what takes too long, and takes nothing new', async () => {
    const lease = { leaseMs: 60_000, heartbeatMs: 20_000, longestRunMs: 600_000 };
    const worker = await cell.worker('the first', { timing: lease, patienceMs: 2_000 });
    const [short, long] = [await cell.ask(600), await cell.ask(600_000)];
    for (const { errandId } of [short, long]) expect(await cell.becomes(...isHeld(errandId), PATIENCE_MS)).toBe(true);

    worker.signal('SIGTERM');
    const late = await cell.ask(0);
    expect(await worker.ended).toEqual([0, null]);

    const effects = await cell.effects();
    expect(effects.get(short.errandId)).toEqual(['the first']);
    expect(effects.get(long.errandId)).toEqual([]);
    expect(effects.get(late.errandId)).toEqual([]);
    // The lease was for a minute, and yet the job is there for anybody at once.
    expect(
      await cell.rows(`select state, leased_by, run_at <= now() as due from es.job where payload->>'errandId' = $1`, [long.errandId]),
    ).toEqual([{ state: 'pending', leased_by: null, due: true }]);
  });
});
