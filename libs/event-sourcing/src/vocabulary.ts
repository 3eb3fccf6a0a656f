import type { CommandClass } from './command.js';
import type { Binding, Decider } from './decider.js';
import type { AnyEvent, DecidedEvent, EventClass } from './domain-event.js';
import { NewerCodeNeeded } from './newer-code-needed.js';
import type { LedgerPosting, Postings } from './postings.js';
import type { Reaction } from './reaction.js';
import type { ReadModel } from './read-model.js';
import type { SeriesRule } from './series.js';
import type { Upcaster } from './upcaster.js';

/** Everything that a bounded context adds to the system, apart from its API. */
export interface ContextDefinition {
  readonly name: string;
  // biome-ignore lint/suspicious/noExplicitAny: a decider's state and events are its own affair; the vocabulary only carries them.
  readonly deciders?: readonly Decider<any, any>[];
  readonly reactions?: Readonly<Record<string, Reaction>>;
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
  private readonly settlingWith = new Map<string, NamedReaction[]>();
  private readonly settlingAfter = new Map<string, NamedReaction[]>();
  private readonly upcasters = new Map<string, Upcaster>();
  readonly readModels: ReadModel[] = [];
  private readonly postings = new Map<string, Postings['postingsOf']>();
  private readonly series = new Map<string, SeriesRule>();

  register(context: ContextDefinition): void {
    if (this.contexts.has(context.name)) throw new Error(`The context ${context.name} is registered twice.`);
    this.contexts.set(context.name, context);
    for (const decider of context.deciders ?? []) this.addDecider(decider, context.name);
    for (const [name, reaction] of Object.entries(context.reactions ?? {})) this.addReaction({ ...reaction, name, context: context.name });
    for (const upcaster of context.upcasters ?? []) this.upcasters.set(`${upcaster.type}/${upcaster.from}`, upcaster);
    for (const { hears, postingsOf } of context.postings ?? []) for (const { type } of hears) this.postings.set(type, postingsOf);
    for (const rule of context.series ?? []) this.series.set(rule.event.type, rule);
    this.readModels.push(...(context.readModels ?? []));
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

  reactionsWith(event: AnyEvent): readonly NamedReaction[] {
    return this.settlingWith.get(event.type) ?? [];
  }

  postingsOf({ event, meta }: DecidedEvent): readonly LedgerPosting[] {
    return this.postings.get(event.type)?.(event, meta) ?? [];
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
    if (this.deciders.has(decider.category)) throw new Error(`Two deciders share the category ${decider.category}.`);
    this.deciders.set(decider.category, decider);
    for (const event of decider.events) {
      if (this.eventClasses.has(event.type)) throw new Error(`Two events are called ${event.type}.`);
      this.eventClasses.set(event.type, event);
    }
    for (const binding of decider.decisions) {
      const { type } = binding.command;
      if (this.commands.has(type)) throw new Error(`Two decisions answer the command ${type}.`);
      this.commands.set(type, { ...binding, decider, context });
    }
  }

  private addReaction(reaction: NamedReaction): void {
    const table = reaction.settles === 'with' ? this.settlingWith : this.settlingAfter;
    for (const { type } of reaction.hears) table.set(type, [...(table.get(type) ?? []), reaction]);
  }
}
