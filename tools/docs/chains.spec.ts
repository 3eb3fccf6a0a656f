import { endlessChains } from './chains.js';
import type { KnownReaction } from './knowledge.js';

const reaction = (hears: string, command: string, settles: 'with' | 'after' = 'with'): KnownReaction => ({
  ...{ name: `${hears} sends ${command}`, context: 'any', path: '', settles, hears: [hears] },
  does: { events: [], commands: [command], timers: [], canceledTimers: [], jobs: [] },
});

/** Each command records the event of its name, and each event sends the next command. */
function row(length: number): Parameters<typeof endlessChains>[0] {
  const numbers = Array.from({ length }, (_, index) => index);
  return {
    eventsOf: new Map(numbers.map((number) => [`Do${number}`, [`Done${number}`]])),
    reactions: numbers.slice(1).map((number) => reaction(`Done${number - 1}`, `Do${number}`)),
  };
}

describe('A chain of reactions that settle with the fact', () => {
  it('may be as long as a settlement decides', () => {
    expect(endlessChains(row(8))).toEqual([]);
    expect(endlessChains(row(9))).toEqual([expect.stringMatching(/^is longer than 8: Do0 -> .* -> Do8$/)]);
  });

  it('does not come back to where it began, whichever event leads there', () => {
    const { eventsOf, reactions } = row(3);
    expect(endlessChains({ eventsOf, reactions: [...reactions, reaction('Done2', 'Do1')] })).toContain(
      'goes in a circle: Do1 -> Do2 -> Do1',
    );
  });

  it('ends at a reaction after the fact', () => {
    const { eventsOf, reactions } = row(3);
    expect(endlessChains({ eventsOf, reactions: [...reactions, reaction('Done2', 'Do1', 'after')] })).toEqual([]);
  });
});
