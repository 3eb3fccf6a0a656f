import { AsyncLocalStorage } from 'node:async_hooks';
import { Injectable, type Type } from '@nestjs/common';
import { Saga } from '@nestjs/cqrs';
import { EMPTY, from, mergeMap, type Observable } from 'rxjs';
import type { AnyCommand, CommandMeta } from './command.js';
import type { AnyEvent, RecordedEvent } from './domain-event.js';
import { carriedOn } from './origin.js';
import type { NamedReaction } from './vocabulary.js';

/** The event that the relay is publishing, and where a saga's mistake is reported: the bus itself would swallow it. */
export const saga = new AsyncLocalStorage<{
  readonly recorded: RecordedEvent;
  readonly failures: Error[];
  /** Each command's name among those of the event: its reaction, and its number there. */
  readonly names: Map<AnyCommand, string>;
}>();

/** The key under which a reaction's command runs once, however often its event is delivered, and whichever reactions join. */
export function derivedKey({ meta }: RecordedEvent, name: string): string {
  return `relay/${meta.eventId}/${name}`;
}

export function metaOf({ meta }: RecordedEvent, key: string): CommandMeta {
  return {
    actor: meta.actor,
    origin: carriedOn(meta.origin),
    correlationId: meta.correlationId,
    causationId: meta.eventId,
    causeEffectiveAt: meta.effectiveAt,
    idempotency: { key, requestHash: key },
  };
}

/**
 * A saga of @nestjs/cqrs for a reaction that settles after the fact. A throw would end the saga's stream for the life of
 * the process, so it is caught for each event and reported to the relay, which stops the bucket and tries again.
 */
export function sagaFor(reaction: NamedReaction): Type {
  const heard = new Set(reaction.hears.map(({ type }) => type));

  @Injectable()
  class ReactionSaga {
    readonly react = (events$: Observable<AnyEvent>): Observable<AnyCommand> =>
      events$.pipe(
        mergeMap((event) => {
          const running = saga.getStore();
          if (!running || !heard.has(event.type)) return EMPTY;
          try {
            const commands = reaction.react(event, running.recorded.meta) as readonly AnyCommand[];
            for (const [index, command] of commands.entries()) running.names.set(command, `${reaction.name}/${index}`);
            return from(commands);
          } catch (error) {
            running.failures.push(error as Error);
            return EMPTY;
          }
        }),
      );
  }
  Saga()(ReactionSaga.prototype, 'react');
  Object.defineProperty(ReactionSaga, 'name', { value: `${reaction.name}Saga` });
  return ReactionSaga;
}
