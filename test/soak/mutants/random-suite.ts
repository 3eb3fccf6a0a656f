import { appendFileSync, existsSync, globSync, mkdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { SeededChance } from '../../reliability/seeded-chance.js';
import { type SuiteOptions, type SuiteResult, Tally } from '../suite.js';
import { type Mutation, mutationsOf } from './random-mutants.js';
import { type Seeing, seeingSpecs } from './seeing-specs.js';
import { Workshop } from './workshop.js';

const root = join(import.meta.dirname, '../../..');
/** Money, time, decisions and guards. */
const FILES = ['libs/*/src/**/*.ts'];
const NOT = /\.(spec|examples)\.ts$|\/(testing|embedded)\/|\.(module|context)\.ts$|\/contract(\.graphql)?\.ts$/;
/** Of the mutants, so many must be caught. */
const GOAL = 0.95;
const AT_A_TIME = 4;

/** Where one lane plants, and which groups of specs pass where nothing is planted. */
interface Bench {
  readonly workshop: Workshop;
  readonly sound: Map<string, boolean>;
}

interface Judged {
  readonly mutation: Mutation;
  readonly caughtBy: 'near' | 'far' | null;
}

/**
 * One trial is a random mutant: planted in a copy of the sources, it must make a spec fail that sees its file. What was judged is
 * kept by seed in .cache, so that a run that was broken off goes on where it was.
 */
export async function runRandomMutants(options: SuiteOptions): Promise<SuiteResult> {
  const tally = new Tally('mutants', options);
  const kept = keptResults(join(root, '.cache', `mutants-${options.seed}.jsonl`));
  const waiting = drawn(options);
  const seeing = seeingSpecs(root);
  const survivors: string[] = [];
  const sound = new Map<string, boolean>();
  const lane = async (): Promise<void> => {
    const workshop = new Workshop();
    try {
      for (let mutation = waiting.shift(); mutation; mutation = waiting.shift()) {
        const known = options.control ? undefined : kept.find(mutation);
        const judged = known ?? {
          mutation,
          caughtBy: options.control ? null : await judge({ workshop, sound }, mutation, seeing(mutation.file)),
        };
        if (!known && !options.control) kept.add(judged);
        tally.count(mutation.kind);
        if (judged.caughtBy === null) {
          survivors.push(told(mutation));
          options.onFailure?.(told(mutation));
        }
        tally.advance();
      }
    } finally {
      workshop.clear();
    }
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), options.size) }, lane));
  if (survivors.length > options.size * (1 - GOAL)) for (const survivor of survivors) tally.fail(survivor);
  return tally.result({ caught: options.size - survivors.length, survivors });
}

function drawn({ seed, size }: SuiteOptions): Mutation[] {
  const files = globSync(FILES, { cwd: root })
    .filter((path) => !NOT.test(path))
    .sort();
  const candidates = files.flatMap((file) => mutationsOf(file, readFileSync(join(root, file), 'utf8')));
  const chance = new SeededChance(seed);
  return Array.from(
    { length: Math.min(size, candidates.length) },
    () => candidates.splice(chance.between(0, candidates.length - 1), 1)[0]!,
  );
}

/** The nearest specs tell most in the least time; the API is asked about what they let pass. */
async function judge(bench: Bench, mutation: Mutation, { near, far }: Seeing): Promise<Judged['caughtBy']> {
  if (await isCaught(bench, mutation, near)) return 'near';
  // A few at a time: together they would take longer than a test that hangs is waited for.
  for (let next = 0; next < far.length; next += AT_A_TIME)
    if (await isCaught(bench, mutation, far.slice(next, next + AT_A_TIME))) return 'far';
  return null;
}

/** Specs that fail without the mutant as well have caught nothing. */
async function isCaught({ workshop, sound }: Bench, { file, from, to, becomes }: Mutation, specs: readonly string[]): Promise<boolean> {
  if (specs.length === 0) return false;
  const undo = workshop.replace(file, (text) => text.slice(0, from) + becomes + text.slice(to));
  const { passed } = await workshop.test(...specs).finally(undo);
  if (passed) return false;
  const group = specs.join(' ');
  if (!sound.has(group)) sound.set(group, (await workshop.test(...specs)).passed);
  return sound.get(group)!;
}

function told({ kind, file, line, was, becomes }: Mutation): string {
  const short = (text: string) => text.replace(/\s+/g, ' ').slice(0, 100);
  return `${file}:${line} ${kind}: "${short(was)}" → "${short(becomes)}" is not caught.`;
}

function keptResults(path: string) {
  mkdirSync(dirname(path), { recursive: true });
  const lines = existsSync(path) ? readFileSync(path, 'utf8').trim().split('\n') : [];
  const known = new Map(lines.filter(Boolean).map((line) => [keyOf((JSON.parse(line) as Judged).mutation), JSON.parse(line) as Judged]));
  return {
    find: (mutation: Mutation): Judged | undefined => known.get(keyOf(mutation)),
    add: (judged: Judged): void => appendFileSync(path, `${JSON.stringify(judged)}\n`),
  };
}

function keyOf(mutation: Mutation): string {
  return JSON.stringify(mutation);
}
