import { Command } from '#event-sourcing/command.js';
import { type Decider, on } from '#event-sourcing/decider.js';
import { DomainEvent } from '#event-sourcing/domain-event.js';
import { enqueue, whenever } from '#event-sourcing/reaction.js';
import type { ContextDefinition } from '#event-sourcing/vocabulary.js';
import { derivedId, type Id } from '#kernel/ids.js';

/** An errand is asked for by a command, run as a job, and its effect recorded: as often as anybody manages to record it. */
export type ErrandId = Id<'errand'>;

export class ErrandAsked extends DomainEvent('ErrandAsked')<{ readonly errandId: ErrandId; readonly tookMs: number }> {}
export class ErrandDone extends DomainEvent('ErrandDone')<{ readonly errandId: ErrandId; readonly worker: string }> {}

export class AskErrand extends Command('AskErrand')<{ readonly errandId: ErrandId; readonly tookMs: number }> {}
/** Refuses no repetition: only the fence keeps an effect from being there twice. */
export class RecordErrand extends Command('RecordErrand')<{ readonly errandId: ErrandId; readonly worker: string }> {}

type ErrandEvent = ErrandAsked | ErrandDone;

const errandId = (data: { readonly errandId: ErrandId }): ErrandId => data.errandId;

const errandDecider: Decider<{ readonly asked: boolean }, ErrandEvent> = {
  category: 'errand',
  events: [ErrandAsked, ErrandDone],
  accountOf: () => null,
  initialState: { asked: false },
  evolve: (errand, event) => (event.type === 'ErrandAsked' ? { asked: true } : errand),
  decisions: [
    on(AskErrand, {
      stream: errandId,
      decide: (data, { asked }: { asked: boolean }): ErrandEvent[] => (asked ? [] : [new ErrandAsked(data)]),
    }),
    on(RecordErrand, { stream: errandId, decide: (data): ErrandEvent[] => [new ErrandDone(data)] }),
  ],
};

export const ERRAND = 'errands.run';

export const errandsContext: ContextDefinition = {
  name: 'errands',
  deciders: [errandDecider],
  reactions: {
    runErrandWhenAsked: whenever([ErrandAsked], 'with', ({ data }) => [
      enqueue(ERRAND, derivedId(data.errandId, 'run'), { errandId: data.errandId, tookMs: String(data.tookMs) }),
    ]),
  },
};
