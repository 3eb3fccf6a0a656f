import { Injectable } from '@nestjs/common';

/** What a person has to look at, and what keeps nobody from being served: a process that has some is as ready as one that has none. */
export interface Concern {
  /** In snake_case: the gauge is `perennial_{name}`. */
  readonly name: string;
  /** A sentence, also for those who know the gauge only. */
  readonly description: string;
  readonly count: () => Promise<number>;
  /** The first of them, as JSON holds them; nothing personal. */
  readonly shown: () => Promise<readonly object[]>;
}

export interface ConcernFound {
  readonly name: string;
  readonly description: string;
  readonly count: number;
  readonly shown: readonly object[];
}

/** Every module registers what it would show a person: `concerns.register({ name: 'parked_accounts', … })`. */
@Injectable()
export class Concerns {
  private readonly registered = new Map<string, Concern>();

  register(concern: Concern): void {
    this.registered.set(concern.name, concern);
  }

  async found(): Promise<ConcernFound[]> {
    return Promise.all(
      [...this.registered.values()].map(async ({ name, description, count, shown }) => {
        const [counted, first] = await Promise.all([count(), shown()]);
        return { name, description, count: counted, shown: first };
      }),
    );
  }

  /** As gauges in the text format of Prometheus, version 0.0.4. Counts only, of nobody in particular. */
  async exposition(): Promise<string> {
    const gauges = await Promise.all([...this.registered.values()].map(async (concern) => gauge(concern, await concern.count())));
    return gauges.join('');
  }
}

function gauge({ name, description }: Concern, count: number): string {
  const help = description.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return `# HELP perennial_${name} ${help}\n# TYPE perennial_${name} gauge\nperennial_${name} ${count}\n`;
}
