import { Injectable } from '@nestjs/common';

/** What a person has to look at, and what keeps nobody from being served: a process that has some is as ready as one that has none. */
export interface Concern {
  /** In snake_case: the gauge is `perennial_{name}`. */
  readonly name: string;
  /** A sentence, also for those who know the gauge only. */
  readonly description: string;
  /** Also for the gauge, which shows the count only: what is shown with it must cost little. */
  readonly look: () => Promise<ConcernSeen>;
}

export interface ConcernSeen {
  readonly count: number;
  /** The first of them, as JSON holds them; nothing personal. */
  readonly shown: readonly object[];
}

export interface ConcernFound extends ConcernSeen {
  readonly name: string;
  readonly description: string;
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
      [...this.registered.values()].map(async ({ name, description, look }) => ({ name, description, ...(await look()) })),
    );
  }

  /** As gauges in the text format of Prometheus, version 0.0.4. Counts only, of nobody in particular. */
  async exposition(): Promise<string> {
    return (await this.found()).map(gauge).join('');
  }
}

function gauge({ name, description, count }: ConcernFound): string {
  const help = description.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
  return `# HELP perennial_${name} ${help}\n# TYPE perennial_${name} gauge\nperennial_${name} ${count}\n`;
}
