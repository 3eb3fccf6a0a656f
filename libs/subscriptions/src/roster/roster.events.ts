import type { EventOf } from '#event-sourcing/domain-event.js';
import { DomainEvent } from '#event-sourcing/domain-event.js';
import type { AccountId, SubscriptionId } from '#kernel/ids.js';

// These names and shapes are stored for ever: additions are free, anything else needs a new schema version and an upcaster.

interface OfRoster {
  readonly accountId: AccountId;
}

export class RosterEntered extends DomainEvent('RosterEntered')<OfRoster & { readonly subscriptionId: SubscriptionId }> {}

export class RosterLeft extends DomainEvent('RosterLeft')<OfRoster & { readonly subscriptionId: SubscriptionId }> {}

/** Nobody enters any more; whoever is on the roster now is canceled. */
export class RosterClosed extends DomainEvent('RosterClosed')<OfRoster & { readonly running: readonly SubscriptionId[] }> {}

export const rosterEvents = [RosterEntered, RosterLeft, RosterClosed] as const;
export type RosterEvent = EventOf<typeof rosterEvents>;
