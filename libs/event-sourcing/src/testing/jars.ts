import type { Id } from '#kernel/ids.js';
import { hashedId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { defineRefusal } from '#kernel/refusal.js';
import { Command } from '../command.js';
import { type Decider, type DecisionContext, on } from '../decider.js';
import { fieldsOf } from '../declared-fields.js';
import { DomainEvent, type EventOf } from '../domain-event.js';

/** A context small enough to see through: jars are opened, filled and sealed, and a shelf of each bucket counts them. */
export type JarId = Id<'jar'>;
export type ShelfId = Id<'shelf'>;

export class JarOpened extends DomainEvent('JarOpened')<{
  readonly jarId: JarId;
  readonly label: string;
  readonly spoilsAt: Instant | null;
}> {}
export class BeadsAdded extends DomainEvent('BeadsAdded')<{ readonly jarId: JarId; readonly count: number; readonly spoilsAt?: Instant }> {}
export class JarSealed extends DomainEvent('JarSealed')<{ readonly jarId: JarId; readonly series: string; number: string }> {}
export class JarSpoiled extends DomainEvent('JarSpoiled')<{ readonly jarId: JarId; readonly at: Instant }> {}
export class JarBroken extends DomainEvent('JarBroken')<{ readonly jarId: JarId }> {}
export const jarEvents = [JarOpened, BeadsAdded, JarSealed, JarSpoiled, JarBroken] as const;
export type JarEvent = EventOf<typeof jarEvents>;

export class OpenJar extends Command('OpenJar')<{ readonly jarId: JarId; readonly label?: string; readonly spoilsAt?: Instant }> {}
export class AddBeads extends Command('AddBeads')<{ readonly jarId: JarId; readonly count: number; readonly spoilsAt?: Instant }> {}
export class SealJar extends Command('SealJar')<{ readonly jarId: JarId; readonly series: string }> {}
export class SpoilJar extends Command('SpoilJar')<{ readonly jarId: JarId }> {}
export class BreakJar extends Command('BreakJar')<{ readonly jarId: JarId }> {}

export const jarUnknown = defineRefusal({ code: 'jar_unknown', kind: 'not-found', hint: 'Open the jar first.' });
export const jarSealed = defineRefusal({ code: 'jar_sealed', kind: 'conflict', hint: 'Take another jar.' });
export const shelfFull = defineRefusal({ code: 'shelf_full', kind: 'conflict', hint: 'Make room first.' });

export interface Jar {
  readonly status: 'absent' | 'open' | 'sealed' | 'spoiled' | 'broken';
  readonly beads: number;
  readonly number: string;
}

function evolveJar(jar: Jar, event: JarEvent): Jar {
  switch (event.type) {
    case 'JarOpened':
      return { ...jar, status: 'open' };
    case 'BeadsAdded':
      return { ...jar, beads: jar.beads + event.data.count };
    case 'JarSealed':
      return { ...jar, status: 'sealed', number: event.data.number };
    case 'JarSpoiled':
      return { ...jar, status: 'spoiled' };
    case 'JarBroken':
      return { ...jar, status: 'broken', beads: 0 };
  }
}

function mustBeOpen(jar: Jar, jarId: JarId): void {
  if (jar.status === 'absent') throw jarUnknown(`There is no jar ${jarId}.`);
  if (jar.status !== 'open') throw jarSealed(`The jar ${jarId} is ${jar.status}.`);
}

const jarId = (data: { readonly jarId: JarId }): JarId => data.jarId;

export const jarDecider: Decider<Jar, JarEvent> = {
  category: 'jar',
  events: jarEvents,
  accountOf: () => null,
  initialState: { status: 'absent', beads: 0, number: '' },
  evolve: evolveJar,
  keptState: { version: 1, fields: fieldsOf<Jar>()({}) },
  decisions: [
    on(OpenJar, {
      stream: jarId,
      decide: ({ jarId, label = 'jam', spoilsAt = null }, jar: Jar): JarEvent[] =>
        jar.status === 'absent' || jar.status === 'broken' ? [new JarOpened({ jarId, label, spoilsAt })] : [],
    }),
    on(AddBeads, {
      stream: jarId,
      decide: ({ jarId, count, spoilsAt }, jar: Jar): JarEvent[] => {
        mustBeOpen(jar, jarId);
        return [new BeadsAdded({ jarId, count, ...(spoilsAt && { spoilsAt }) })];
      },
    }),
    on(SealJar, {
      stream: jarId,
      decide: ({ jarId, series }, jar: Jar): JarEvent[] => {
        mustBeOpen(jar, jarId);
        return [new JarSealed({ jarId, series, number: '' })];
      },
    }),
    on(SpoilJar, {
      stream: jarId,
      decide: ({ jarId }, jar: Jar, { now }: DecisionContext): JarEvent[] => {
        mustBeOpen(jar, jarId);
        return [new JarSpoiled({ jarId, at: now })];
      },
    }),
    on(BreakJar, {
      stream: jarId,
      decide: ({ jarId }, jar: Jar): JarEvent[] => {
        if (jar.status === 'absent') throw jarUnknown(`There is no jar ${jarId}.`);
        return jar.status === 'broken' ? [] : [new JarBroken({ jarId })];
      },
    }),
  ],
};

export class JarShelved extends DomainEvent('JarShelved')<{ readonly shelfId: ShelfId; readonly jarId: JarId }> {}
export class ShelfLimited extends DomainEvent('ShelfLimited')<{ readonly shelfId: ShelfId; readonly places: number }> {}
export class NoteTaken extends DomainEvent('NoteTaken')<{ readonly shelfId: ShelfId; readonly note: string }> {}
export const shelfEvents = [JarShelved, ShelfLimited, NoteTaken] as const;
export type ShelfEvent = EventOf<typeof shelfEvents>;

export class ShelveJar extends Command('ShelveJar')<{ readonly shelfId: ShelfId; readonly jarId: JarId }> {}
export class LimitShelf extends Command('LimitShelf')<{ readonly shelfId: ShelfId; readonly places: number }> {}
export class TakeNote extends Command('TakeNote')<{ readonly shelfId: ShelfId; readonly note: string }> {}

interface Shelf {
  readonly jars: number;
  readonly places: number;
}

const shelfId = (data: { readonly shelfId: ShelfId }): ShelfId => data.shelfId;

export const shelfDecider: Decider<Shelf, ShelfEvent> = {
  category: 'shelf',
  events: shelfEvents,
  accountOf: () => null,
  initialState: { jars: 0, places: Number.POSITIVE_INFINITY },
  evolve: (shelf, event) => {
    if (event.type === 'JarShelved') return { ...shelf, jars: shelf.jars + 1 };
    return event.type === 'ShelfLimited' ? { ...shelf, places: event.data.places } : shelf;
  },
  decisions: [
    on(ShelveJar, {
      stream: shelfId,
      decide: (data, shelf: Shelf): ShelfEvent[] => {
        if (shelf.jars >= shelf.places) throw shelfFull(`The shelf has ${shelf.places} places.`);
        return [new JarShelved(data)];
      },
    }),
    on(LimitShelf, { stream: shelfId, decide: (data): ShelfEvent[] => [new ShelfLimited(data)] }),
    on(TakeNote, { stream: shelfId, decide: (data): ShelfEvent[] => [new NoteTaken(data)] }),
  ],
};

export const shelfOf = (bucket: number): ShelfId => hashedId<'shelf'>('shelf', bucket);
