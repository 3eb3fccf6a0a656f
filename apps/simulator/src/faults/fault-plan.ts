import { seededFraction } from './seeded-choice.js';

/** When a fault applies, common to requests and webhooks. */
export interface FaultRule<Kind extends string> {
  /** One kind, or several of which the seed picks one each time. */
  kinds: Kind[];
  /** How many more times the fault strikes; `null` for ever. */
  times: number | null;
  /** Chance of striking at each match, decided by seed and ordinal. */
  probability: number;
  seed: string;
  ms: number;
}

interface Planned<Kind extends string, Subject, Rule extends FaultRule<Kind>> {
  id: string;
  rule: Rule;
  matches: (rule: Rule, subject: Subject) => boolean;
  seen: number;
  struck: number;
}

export interface FaultReport<Rule> {
  id: string;
  rule: Rule;
  /** Matching requests so far; its value at a request is that request's ordinal. */
  seen: number;
  struck: number;
}

export interface ChosenFault<Kind extends string, Rule> {
  kind: Kind;
  rule: Rule;
}

/** The faults that were asked for, in the order in which they were asked for: the first that strikes is the one. */
export class FaultPlan<Kind extends string, Subject, Rule extends FaultRule<Kind>> {
  private planned: Planned<Kind, Subject, Rule>[] = [];
  private nextId = 1;
  private readonly counts = new Map<string, number>();

  constructor(private readonly matches: (rule: Rule, subject: Subject) => boolean) {}

  add(rule: Rule): string {
    const id = `fault_${this.nextId}`;
    this.nextId += 1;
    this.planned.push({ id, rule, matches: this.matches, seen: 0, struck: 0 });
    return id;
  }

  remove(id: string): boolean {
    const before = this.planned.length;
    this.planned = this.planned.filter((each) => each.id !== id);
    return this.planned.length < before;
  }

  clear(): void {
    this.planned = [];
  }

  choose(subject: Subject): ChosenFault<Kind, Rule> | undefined {
    for (const each of this.planned) {
      const { rule } = each;
      if (rule.times !== null && each.struck >= rule.times) continue;
      if (!each.matches(rule, subject)) continue;
      each.seen += 1;
      if (rule.probability < 1 && seededFraction(rule.seed, each.seen, 'strikes') >= rule.probability) continue;
      each.struck += 1;
      const kind = rule.kinds[Math.floor(seededFraction(rule.seed, each.seen, 'kind') * rule.kinds.length)];
      if (kind === undefined) continue;
      this.counts.set(kind, (this.counts.get(kind) ?? 0) + 1);
      return { kind, rule };
    }
    return undefined;
  }

  report(): FaultReport<Rule>[] {
    return this.planned.map(({ id, rule, seen, struck }) => ({ id, rule, seen, struck }));
  }

  /** How often each kind struck since the start. */
  struckByKind(): Record<string, number> {
    return Object.fromEntries(this.counts);
  }
}
