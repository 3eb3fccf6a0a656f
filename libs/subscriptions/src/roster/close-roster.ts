import { Command } from '#event-sourcing/command.js';
import type { AccountId } from '#kernel/ids.js';
import { RosterClosed, type RosterEvent } from './roster.events.js';
import type { Roster } from './roster.state.js';

/** The account is closed: what is running ends, and nothing starts any more. */
export class CloseRoster extends Command('CloseRoster')<{ readonly accountId: AccountId }> {}

export function closeRoster({ accountId }: CloseRoster['data'], roster: Roster): RosterEvent[] {
  switch (roster.status) {
    case 'open':
      return [new RosterClosed({ accountId, running: roster.running })];
    case 'closed':
      return [];
    default:
      return roster satisfies never;
  }
}
