import { ProjectedRows } from '#event-sourcing/testing/projected-rows.js';
import { createTestDatabase, type TestDatabase } from '../../../../../test/support/test-database.js';
import { TestClockAdvanceFinished, TestClockAdvanceStarted, TestClockCreated } from '../../test-clock/test-clock.events.js';
import { february28, january31, testClockId } from '../../test-clock/test-clock.examples.js';
import { testClockTable } from './test-clock.projection.js';

const created = new TestClockCreated({ testClockId, now: january31 });
const started = new TestClockAdvanceStarted({ testClockId, to: february28 });
const finished = new TestClockAdvanceFinished({ testClockId, now: february28 });

describe('the table that decisions read the time of a test clock from', () => {
  let testDatabase: TestDatabase;
  let rows: ProjectedRows;
  beforeAll(async () => {
    testDatabase = await createTestDatabase();
    rows = await ProjectedRows.open(testDatabase.url);
  });
  afterAll(async () => {
    await rows.close();
    await testDatabase.drop();
  });

  it.each([
    ['stands at its first moment when it is created', [created], { now: new Date(january31), target: null, version: '1' }],
    ['knows where it goes while it advances', [created, started], { now: new Date(january31), target: new Date(february28), version: '2' }],
    [
      'stands at its target afterwards, free for any worker',
      [created, started, finished],
      { now: new Date(february28), target: null, holder: null, lease_until: null, version: '3' },
    ],
  ])('%s', async (_title, events, row) => {
    expect(await rows.rows(testClockTable, { streamId: testClockId, events })).toEqual([
      expect.objectContaining({ id: testClockId, ...row }),
    ]);
  });
});
