import type { ContextDefinition } from '#event-sourcing/vocabulary.js';
import { testClockTable } from './read-models/test-clock/test-clock.projection.js';
import { TestClockDecider } from './test-clock/test-clock.decider.js';

/** Everything that test clocks add to the system, apart from their API. The engine's `TestClockRunner` moves them. */
export const testClocksContext: ContextDefinition = {
  name: 'test-clocks',
  deciders: [TestClockDecider],
  readModels: [testClockTable],
};
