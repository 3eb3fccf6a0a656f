import type { RunSuite } from './suite.js';

export interface KnownSuite {
  /** One sentence: what is done, and what must hold. */
  readonly about: string;
  /** What one trial is, in the plural. */
  readonly trials: string;
  readonly fullSize: number;
  /** Whether `--control` is understood; else a spec of its own shows that the suite can fail. */
  readonly hasControl: boolean;
  /** Loaded only when it is run: some suites bring the whole platform with them. */
  load(): Promise<RunSuite>;
  /** The suite on what is drawn anew by each seed, for `--random`. */
  readonly random?: { readonly fullSize: number; load(): Promise<RunSuite> };
}

/** Every suite by its name. */
export const suites: Readonly<Record<string, KnownSuite>> = {
  calendar: {
    about: 'Billing periods of many zones, anchors and intervals equal those found by walking day by day.',
    trials: 'cycles',
    fullSize: 20_000,
    hasControl: true,
    load: async () => (await import('./calendar/calendar-suite.js')).runCalendarSuite,
  },
  commands: {
    about: 'Random command sequences on a test clock: every answer equals that of a small model in memory.',
    trials: 'sequences',
    fullSize: 10_000,
    hasControl: true,
    load: async () => (await import('./commands/commands-suite.js')).runCommandsSuite,
  },
  kill: {
    about: 'kill -9 of API, worker, backends, PostgreSQL and Redis under load: nothing acknowledged is lost, nothing is done twice.',
    trials: 'kills',
    fullSize: 1_000,
    hasControl: true,
    load: async () => (await import('./kill/kill-suite.js')).runKillSuite,
  },
  malformed: {
    about: 'Bad requests over REST, GraphQL and raw sockets: no 5xx but a declared 503, no exit, memory flat.',
    trials: 'requests',
    fullSize: 100_000,
    hasControl: true,
    load: async () => (await import('./malformed/malformed-suite.js')).runMalformedSuite,
  },
  mutants: {
    about: 'Planted bugs in a copy of the sources: each is caught by the test that is named for it.',
    trials: 'bugs',
    fullSize: 30,
    hasControl: true,
    load: async () => (await import('./mutants/mutants-suite.js')).runMutantsSuite,
    random: { fullSize: 300, load: async () => (await import('./mutants/random-suite.js')).runRandomMutants },
  },
  payments: {
    about: 'Payments through a gateway, webhooks and processes that fail in every way: each charged once, none unknown after 8 days.',
    trials: 'payments',
    fullSize: 20_000,
    hasControl: true,
    load: async () => {
      const { runPaymentsSuite } = await import('../reliability/payments/payments-suite.js');
      return ({ control, ...options }) => runPaymentsSuite(control ? { ...options, careless: 'charge-again' } : options);
    },
  },
  races: {
    about: '50 requests at once for the same: one effect, and one answer for all.',
    trials: 'races',
    fullSize: 500,
    hasControl: true,
    load: async () => (await import('./races/races-suite.js')).runRacesSuite,
  },
  redis: {
    about: 'Redis flushed, killed, frozen and gone for minutes, workers killed and stopped: no job is lost, none counts twice.',
    trials: 'faults',
    fullSize: 150,
    hasControl: true,
    load: async () => {
      const { NOBODY_SWEEPS, runRedisSuite } = await import('../reliability/redis/redis-suite.js');
      return ({ control, ...options }) => runRedisSuite(control ? { ...options, ...NOBODY_SWEEPS } : options);
    },
  },
  replay: {
    about: 'The log replayed into every read model, twice: the same rows each time, and those that are served.',
    trials: 'events',
    fullSize: 1_000_000,
    hasControl: true,
    load: async () => (await import('./replay/replay-suite.js')).runReplaySuite,
  },
};
