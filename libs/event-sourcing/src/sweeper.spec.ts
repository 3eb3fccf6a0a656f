import type { JobRunner } from './job-runner.js';
import { Sweeper } from './sweeper.js';

/** Jobs whose bell is in reach; counts how often somebody looks at its lane. */
function lookedAt() {
  let looks = 0;
  const bell = { room: async () => (looks += 1) };
  const jobs = { bell, lanes: ['gateway'], ringUnheard: async () => {}, startDue: async () => 0 };
  return { jobs: jobs as unknown as JobRunner, looks: () => looks };
}

const never = 1e12;

describe('The sweeper', () => {
  it('looks at once, and then not again before its interval is over', async () => {
    const { jobs, looks } = lookedAt();
    const sweeper = new Sweeper(jobs, { everyMs: never, quietMs: 0, overdueMs: 0 });
    for (let round = 0; round < 3; round += 1) await sweeper.round();
    expect(looks()).toBe(1);
  });

  it('looks again once it is over', async () => {
    const { jobs, looks } = lookedAt();
    const sweeper = new Sweeper(jobs, { everyMs: 0, quietMs: 0, overdueMs: 0 });
    for (let round = 0; round < 3; round += 1) await sweeper.round();
    expect(looks()).toBe(3);
  });
});
