import { AccountChanged } from '#accounts/account/account.events.js';
import { Command } from '#event-sourcing/command.js';
import { type Decider, on } from '#event-sourcing/decider.js';
import { DomainEvent } from '#event-sourcing/domain-event.js';
import { enqueue, schedule, whenever } from '#event-sourcing/reaction.js';
import { timer } from '#event-sourcing/timer.js';
import type { ContextDefinition } from '#event-sourcing/vocabulary.js';
import { type AccountId, derivedId, type Id } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';

/** What the next version of the platform has and this one has not: events, commands, a timer, a job and reactions of their own. */
export type ReminderId = Id<'reminder'>;

interface OfReminder {
  readonly accountId: AccountId;
}

export class ReminderSet extends DomainEvent('ReminderSet')<OfReminder & { readonly dueAt: Instant }> {}
export class ReminderConfirmed extends DomainEvent('ReminderConfirmed')<OfReminder> {}
export class ReminderMailed extends DomainEvent('ReminderMailed')<OfReminder> {}
export class ReminderFellDue extends DomainEvent('ReminderFellDue')<OfReminder> {}

export class SetReminder extends Command('SetReminder')<OfReminder & { readonly dueAt: Instant }> {}
export class ConfirmReminder extends Command('ConfirmReminder')<OfReminder> {}
export class MailReminder extends Command('MailReminder')<OfReminder> {}
export class LetReminderFallDue extends Command('LetReminderFallDue')<OfReminder> {}

type ReminderEvent = ReminderSet | ReminderConfirmed | ReminderMailed | ReminderFellDue;

export const reminderIdOf = (accountId: AccountId): ReminderId => derivedId(accountId, 'reminder');

const stream = ({ accountId }: OfReminder): ReminderId => reminderIdOf(accountId);
const timeOf = ({ accountId }: OfReminder): AccountId => accountId;

/** None of them minds a repetition: what is done twice is there twice. */
const reminderDecider: Decider<null, ReminderEvent> = {
  category: 'reminder',
  events: [ReminderSet, ReminderConfirmed, ReminderMailed, ReminderFellDue],
  accountOf: ({ accountId }) => accountId,
  initialState: null,
  evolve: () => null,
  decisions: [
    on(SetReminder, { stream, timeOf, decide: (data): ReminderEvent[] => [new ReminderSet(data)] }),
    on(ConfirmReminder, { stream, timeOf, decide: (data): ReminderEvent[] => [new ReminderConfirmed(data)] }),
    on(MailReminder, { stream, timeOf, decide: (data): ReminderEvent[] => [new ReminderMailed(data)] }),
    on(LetReminderFallDue, { stream, timeOf, decide: (data): ReminderEvent[] => [new ReminderFellDue(data)] }),
  ],
};

export const REMINDER_MAIL = 'reminders.mail';

const due = timer('due', LetReminderFallDue, { bills: false });

export const remindersContext: ContextDefinition = {
  name: 'reminders',
  deciders: [reminderDecider],
  timers: [due],
  reactions: {
    letFallDueWhenReminderIsSet: whenever([ReminderSet], 'with', ({ data: { accountId, dueAt } }, { streamId }) => [
      schedule(due, streamId, dueAt, { accountId }),
    ]),
    mailWhenReminderIsSet: whenever([ReminderSet], 'with', ({ data: { accountId } }, { streamId }) => [
      enqueue(REMINDER_MAIL, derivedId(streamId, 'mail'), { accountId }),
    ]),
    confirmWhenReminderIsSet: whenever([ReminderSet], 'after', ({ data: { accountId } }) => [new ConfirmReminder({ accountId })]),
  },
  upcasters: [{ type: 'AccountChanged', from: 1, upcast: (data) => ({ ...data, note: '' }) }],
};

/** In this process accounts say more of their changes than before. */
export function raiseAccountChanged(): void {
  Object.assign(AccountChanged, { schemaVersion: 2 });
}
