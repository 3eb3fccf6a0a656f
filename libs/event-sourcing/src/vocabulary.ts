import type { AccountId } from '#kernel/ids.js';
import type { AnyCommand, CommandClass } from './command.js';
import type { Binding, Decider } from './decider.js';
import type { AnyEvent, DecidedEvent, EventClass } from './domain-event.js';
import { NewerCodeNeeded } from './newer-code-needed.js';
import type { LedgerPosting, Postings } from './postings.js';
import type { Reaction } from './reaction.js';
import type { ReadModel } from './read-model.js';
import type { SeriesRule } from './series.js';
import type { Timer } from './timer.js';
import type { Upcaster } from './upcaster.js';

/** Everything that a bounded context adds to the system, apart from its API. */
export interface ContextDefinition {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: a decider's state and events are its own affair; the vocabulary only carries them.
  readonly deciders?: readonly Decider<any, any>[];
  readonly reactions?: Readonly<Record<string, Reaction>>;
  // biome-ignore lint/suspicious/noExplicitAny: a timer's command is its own affair, as a decider's state is.
  readonly timers?: readonly Timer<any>[];
  /** Asked with every timer that bills, in its transaction and before it does anything: a refusal sets the timer aside. */
  readonly admission?: (accountId: AccountId) => AnyCommand;
  readonly readModels?: readonly ReadModel[];
  readonly postings?: readonly Postings[];
  readonly series?: readonly SeriesRule[];
  readonly upcasters?: readonly Upcaster[];
}

export interface BoundCommand extends Binding {
  readonly decider: Decider;
  readonly context: string;
}

export interface NamedReaction extends Reaction {
  readonly name: string;
  readonly context: string;
}

/** What the system can say and hear: filled by the contexts' modules at start, asked by everything that runs. */
export class Vocabulary {
  private readonly contexts = new Map<string, ContextDefinition>();
  private readonly eventClasses = new Map<string, EventClass>();
  private readonly commands = new Map<string, BoundCommand>();
  private readonly deciders = new Map<string, Decider>();
  private readonly timers = new Map<string, Timer>();
  private readonly reactions = new Map<string, NamedReaction>();
  private readonly settlingWith = new Map<string, NamedReaction[]>();
  private readonly upcasters = new Map<string, Upcaster>();
  private readonly tables = new Map<string, ReadModel>();
  private readonly postings = new Map<string, Postings['postingsOf'][]>();
  private readonly series = new Map<string, SeriesRule>();
  private admits: ContextDefinition['admission'];

  register(context: ContextDefinition): void {
    once(this.contexts, context.name, context, 'Two contexts are called');
    for (const decider of context.deciders ?? []) this.addDecider(decider, context.name);
    for (const [name, reaction] of Object.entries(context.reactions ?? {})) this.addReaction({ ...reaction, name, context: context.name });
    for (const timer of context.timers ?? []) this.addTimer(timer, context.name);
    for (const upcaster of context.upcasters ?? [])
      once(this.upcasters, `${upcaster.type}/${upcaster.from}`, upcaster, 'Two upcasters lift the same version of an event:');
    for (const rule of context.series ?? []) once(this.series, rule.event.type, rule, 'Two series number the event');
    for (const model of context.readModels ?? []) once(this.tables, model.table, model, 'Two read models are kept in the table');
    for (const { hears, postingsOf } of context.postings ?? []) for (const { type } of hears) add(this.postings, type, postingsOf);
    if (context.admission && this.admits) throw new Error(`Two contexts admit what bills; the second is ${context.name}.`);
    this.admits ??= context.admission;
  }

  get readModels(): readonly ReadModel[] {
    return [...this.tables.values()];
  }

  eventClass(type: string): EventClass {
    const found = this.eventClasses.get(type);
    if (!found) throw new NewerCodeNeeded(`No context declares the event ${type}: deploy the code that knows it before reading on.`);
    return found;
  }

  bindingOf(type: string): BoundCommand {
    const found = this.commands.get(type);
    if (!found) throw new NewerCodeNeeded(`No decider knows the command ${type}.`);
    return found;
  }

  commandClass(type: string): CommandClass {
    return this.bindingOf(type).command;
  }

  decider(category: string): Decider {
    const found = this.deciders.get(category);
    if (!found) throw new Error(`There is no decider for streams of type ${category}.`);
    return found;
  }

  timer(name: string): Timer {
    const found = this.timers.get(name);
    if (!found) throw new NewerCodeNeeded(`No context declares the timer ${name}.`);
    return found;
  }

  /** The names of the timers that bill: of one context, or of all. */
  billingTimers(context?: string): readonly string[] {
    const declared = context === undefined ? this.timers.values() : (this.contexts.get(context)?.timers ?? []);
    return [...declared].filter(({ bills }) => bills).map(({ name }) => name);
  }

  /** What a timer that bills this account has to ask first. */
  admission(accountId: AccountId): AnyCommand | undefined {
    return this.admits?.(accountId);
  }

  reactionsWith(event: AnyEvent): readonly NamedReaction[] {
    return this.settlingWith.get(event.type) ?? [];
  }

  /** What all contexts post on an event, in the order in which they are registered. */
  postingsOf({ event, meta }: DecidedEvent): readonly LedgerPosting[] {
    return (this.postings.get(event.type) ?? []).flatMap((postingsOf) => postingsOf(event, meta));
  }

  seriesOf(event: AnyEvent): SeriesRule | undefined {
    return this.series.get(event.type);
  }

  upcasterOf(type: string, version: number): Upcaster | undefined {
    return this.upcasters.get(`${type}/${version}`);
  }

  /** All declarations, for the generated catalogues. */
  declared(): readonly ContextDefinition[] {
    return [...this.contexts.values()];
  }

  private addDecider(decider: Decider, context: string): void {
    once(this.deciders, decider.category, decider, 'Two deciders share the category');
    for (const event of decider.events) once(this.eventClasses, event.type, event, 'Two events are called');
    for (const binding of decider.decisions)
      once(this.commands, binding.command.type, { ...binding, decider, context }, 'Two decisions answer the command');
  }

  /** The name is part of the key under which the relay runs what a reaction sends: two of one name would be taken for one. */
  private addReaction(reaction: NamedReaction): void {
    once(this.reactions, reaction.name, reaction, 'Two reactions are called');
    if (reaction.settles === 'with') for (const { type } of reaction.hears) add(this.settlingWith, type, reaction);
  }

  private addTimer(timer: Timer, context: string): void {
    if (this.commands.get(timer.command.type)?.context !== context)
      throw new Error(`The timer ${timer.name} is for ${timer.command.type}, which ${context} does not decide.`);
    once(this.timers, timer.name, timer, 'Two timers are called');
  }
}

/** A declaration that is there already is never replaced in silence. */
function once<T>(declared: Map<string, T>, key: string, value: T, doubled: string): void {
  if (declared.has(key)) throw new Error(`${doubled} ${key}.`);
  declared.set(key, value);
}

function add<T>(declared: Map<string, T[]>, key: string, value: T): void {
  const known = declared.get(key);
  if (known) known.push(value);
  else declared.set(key, [value]);
}
