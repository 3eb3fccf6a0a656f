import type { Sql } from '#event-sourcing/sql.js';
import { lockTestClocks } from '#event-sourcing/timeline.js';
import type { TestClockId } from '#kernel/ids.js';

/**
 * No facts, but the row held still: commands of the clock's accounts that are being written go first, and those that come
 * later see that it is advancing. Nothing is ever written at a time that the clock has already left.
 */
export async function heldStill(sql: Sql, commands: readonly { readonly testClockId: TestClockId }[]): Promise<undefined[]> {
  await lockTestClocks(
    sql,
    commands.map(({ testClockId }) => testClockId),
  );
  return commands.map(() => undefined);
}
