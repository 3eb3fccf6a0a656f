import { type Instant, instant } from '#kernel/instant.js';
import { Refusal } from '#kernel/refusal.js';
import type { AnyCommand } from '../command.js';
import { type Decider, fold } from '../decider.js';
import type { AnyEvent, EventContext } from '../domain-event.js';
import type { Effect, Reaction } from '../reaction.js';
import { storedForm } from './stored-form.js';

const NOON: Instant = instant('2026-01-31T12:00:00Z');

/**
 * `specification(decider).given(events).when(command, { now, facts }).then(events)` or `.thenRefused(code)`.
 *
 * After every accepted command the same command is decided again on the new state: it must yield nothing new, or a stated
 * refusal. Given events go through the stored form first, so that a decision never leans on what JSON would lose.
 */
export function specification<State, E extends AnyEvent>(decider: Decider<State, E>) {
  return {
    given: (...events: readonly (E | readonly E[])[]) => {
      const history = (events.flat() as E[]).map(storedForm);
      const state = fold(decider, history);
      return {
        when: (command: AnyCommand, context: { now?: Instant; facts?: unknown } = {}) => {
          const binding = decider.decisions.find((candidate) => candidate.command.type === command.type);
          if (!binding) throw new Error(`${decider.category} has no decision for ${command.type}.`);
          const decideIn = (from: State): E[] =>
            binding.decide(command.data, from, { now: context.now ?? NOON, facts: context.facts }) as E[];
          return {
            then: (...expected: readonly E[]) => {
              const decided = decideIn(state).map(storedForm);
              expect(decided.map(plain)).toEqual(expected.map(storedForm).map(plain));
              expectRepeatIsHarmless(() => decideIn(decided.reduce(decider.evolve, state)));
            },
            /** For a command by which a person asks for the same once more on purpose. */
            thenEachTime: (...expected: readonly E[]) => {
              for (let from = state, time = 0; time < 2; time += 1) {
                const decided = decideIn(from).map(storedForm);
                expect(decided.map(plain)).toEqual(expected.map(storedForm).map(plain));
                from = decided.reduce(decider.evolve, from);
              }
            },
            thenNothing: () => expect(decideIn(state)).toEqual([]),
            thenRefused: (code: string) => expect(refusalOf(() => decideIn(state))).toBe(code),
          };
        },
      };
    },
  };
}

/** What a facts loader is asked for a command, where it minds neither state nor time. */
export function requestOf<D extends object>(data: D): { data: D; state: null; now: Instant } {
  return { data, state: null, now: NOON };
}

/** `reactionOf(issueInvoiceWhenPeriodStarts).when(event).then(effects)` */
export function reactionOf(reaction: Reaction) {
  return {
    when: (event: AnyEvent, meta: Partial<EventContext> = {}) => ({
      then: (...effects: readonly Effect[]) => {
        expect(reaction.hears.map(({ type }) => type)).toContain(event.type);
        const reacted = reaction.react(event, { effectiveAt: NOON, actor: 'test', ...meta } as EventContext);
        expect(reacted.map((effect) => ({ ...effect }))).toEqual(effects.map((effect) => ({ ...effect })));
      },
    }),
  };
}

function expectRepeatIsHarmless(again: () => readonly AnyEvent[]): void {
  let repeated: readonly AnyEvent[] = [];
  try {
    repeated = again();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  expect(repeated).toEqual([]);
}

function refusalOf(decide: () => unknown): string {
  try {
    decide();
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
  return 'accepted';
}

const plain = (event: AnyEvent): object => ({ type: event.type, data: event.data });
