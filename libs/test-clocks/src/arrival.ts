import type { CommandBus } from '#event-sourcing/command-bus.js';
import { newId, type TestClockId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { FinishAdvance } from './test-clock/finish-advance.js';

/** What the engine's `TestClockRunner` calls when a clock has arrived. */
export function arriveAt(commands: Pick<CommandBus, 'execute'>): (testClockId: TestClockId, now: Instant) => Promise<void> {
  return async (testClockId, now) => {
    await commands.execute(new FinishAdvance({ testClockId, now }, { actor: 'worker:test-clocks', correlationId: newId() }));
  };
}
