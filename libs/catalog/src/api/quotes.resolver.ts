import { Inject } from '@nestjs/common';
import { Args, Field, ObjectType, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { Clock } from '#event-sourcing/clock.js';
import { Database } from '#event-sourcing/sql.js';
import type { Quote } from '../quote/quote.js';
import { QuoteInput } from './quote-input.js';
import { QuoteStepView, QuoteView } from './quote-view.js';
import { QuoteFields } from './quotes.requests.js';
import { quoted } from './quoting.js';

/** What a line of an answer may hold is its fields for each price, of which a plan has some; an event is read, and not answered. */
const PRICES_OF_AN_ITEM = 5;

@ObjectType('QuoteStepNumber', { description: 'A number of a step, as a decimal string; of a part of a period the name has two words.' })
class QuoteStepNumberView {
  @Field(() => String)
  name!: string;

  @Field(() => String)
  value!: string;
}

@Resolver(() => QuoteStepView)
export class QuoteStepsResolver {
  @ResolveField(() => [QuoteStepNumberView], { description: 'What a reader needs to redo the step.' })
  numbers(@Parent() { rule: _, text: __, ...numbers }: QuoteStepView): QuoteStepNumberView[] {
    return namedNumbers(numbers, '');
  }
}

@Resolver(() => QuoteView)
export class QuotesResolver {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Query(() => QuoteView, {
    description: 'What plans or prices would come to, computed by the code that bills. Nothing is stored.',
    complexity: ({ args, childComplexity }) => costOf(args.input, childComplexity),
  })
  quote(@Args('input', { type: () => QuoteInput }) input: QuoteFields): Promise<Quote> {
    return quoted(this.database, this.clock.now(), input);
  }
}

function namedNumbers(numbers: object, prefix: string): QuoteStepNumberView[] {
  return Object.entries(numbers).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === 'object' && value !== null) return namedNumbers(value, `${prefix}${name}.`);
    return value === null ? [] : [{ name: `${prefix}${name}`, value: String(value) }];
  });
}

/** The same for a literal and for a variable; what is malformed is refused before it costs anything. */
function costOf(input: unknown, childComplexity: number): number {
  const { items, change } = (input ?? {}) as { items?: unknown; change?: { items?: unknown } };
  const all = [items, change?.items].flatMap((given) => (Array.isArray(given) ? given : []));
  const events = all.reduce((sum: number, item) => sum + eventsIn((item as { usage?: unknown } | null)?.usage), 0);
  return 1 + events + Math.max(all.length, 1) * PRICES_OF_AN_ITEM * childComplexity;
}

/** Of a price they stand in `usage`, of a plan in each of its metrics. */
function eventsIn(usage: unknown): number {
  if (typeof usage !== 'object' || usage === null) return 0;
  return Object.values(usage).reduce((sum: number, value) => sum + (Array.isArray(value) ? value.length : eventsIn(value)), 0);
}
