import { createHash } from 'node:crypto';
import { openSync, readFileSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type FaultPointName, type Faults, faultPoints, installFaults } from './fault-point.js';

/**
 * `throw`: as if a connection broke here. `kill`: SIGKILL to this process. `stop`: SIGSTOP to this process; whoever
 * watches it sends SIGCONT. `sleep`: a pause. `call`: whatever the test gives.
 */
export type FaultMode = 'throw' | 'kill' | 'stop' | 'sleep' | 'call';

export interface PlannedFault {
  readonly mode: FaultMode;
  /** Strikes the n-th time the point is reached, counted from 1. Without it, by chance. */
  readonly atHit?: number;
  /** Chance of each time, 0 to 1; otherwise the plan's. */
  readonly chance?: number;
  readonly sleepMs?: number;
  readonly call?: () => void | Promise<void>;
}

export interface FaultPlanOptions {
  readonly seed: number;
  /** The chance of each point to be on at all in this run. Default 0.25, or 0 when `points` names some. */
  readonly on?: number;
  /** The chance that a point which is on strikes, each time it is reached. Default 0.05. */
  readonly fires?: number;
  /** What the points do that are on by chance; the seed picks one for each. Default throw and kill. */
  readonly modes?: readonly Exclude<FaultMode, 'call'>[];
  readonly sleepMs?: number;
  readonly points?: { readonly [Point in FaultPointName]?: PlannedFault };
  /** Every time a point is reached, and every strike, is appended here before anything else happens. */
  readonly countsFile?: string;
}

/** Looks like a broken connection, the one failure that can come at any place at all; so it is handled like one. */
export class InjectedFault extends Error {
  readonly code = 'ECONNRESET';

  constructor(point: FaultPointName) {
    super(`A fault was injected at ${point}.`);
    this.name = 'InjectedFault';
  }
}

/** Decides from a seed alone which points are on in a run, and when they strike: the same seed strikes at the same hits. */
export class FaultPlan implements Faults {
  private readonly hits = new Map<FaultPointName, number>();
  private readonly planned = new Map<FaultPointName, PlannedFault>();
  private readonly counts: number | null;

  constructor(private readonly options: FaultPlanOptions) {
    const { seed, on = options.points ? 0 : 0.25, modes = ['throw', 'kill'], points = {}, sleepMs } = options;
    for (const point of faultPoints) {
      const byChance = fraction(seed, 'on', point) < on ? { mode: modes[Math.floor(fraction(seed, 'mode', point) * modes.length)]! } : null;
      const planned = points[point] ?? byChance;
      if (planned) this.planned.set(point, { sleepMs, ...planned });
    }
    this.counts = options.countsFile ? openSync(options.countsFile, 'a') : null;
  }

  /** The points that are on in this run. */
  get on(): readonly FaultPointName[] {
    return [...this.planned.keys()];
  }

  async reach(point: FaultPointName): Promise<void> {
    const fault = this.struck(point);
    if (fault?.mode === 'sleep') await pause(fault.sleepMs ?? 100);
    else if (fault?.mode === 'call') await fault.call?.();
    else if (fault) strike(fault.mode, point);
  }

  reachSync(point: FaultPointName): void {
    const fault = this.struck(point);
    if (fault?.mode === 'sleep') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, fault.sleepMs ?? 100);
    else if (fault?.mode === 'call') void fault.call?.();
    else if (fault) strike(fault.mode, point);
  }

  private struck(point: FaultPointName): PlannedFault | null {
    const hit = (this.hits.get(point) ?? 0) + 1;
    this.hits.set(point, hit);
    const fault = this.planned.get(point);
    const strikes = fault !== undefined && this.strikesAt(point, hit, fault);
    this.count(strikes ? `${point} ${fault.mode}` : point);
    return strikes ? fault : null;
  }

  private strikesAt(point: FaultPointName, hit: number, { atHit, chance = this.options.fires ?? 0.05 }: PlannedFault): boolean {
    return atHit === undefined ? fraction(this.options.seed, 'fires', point, hit) < chance : hit === atHit;
  }

  /** Synchronous, so that the line is in the file before this process ends. */
  private count(line: string): void {
    if (this.counts !== null) writeSync(this.counts, `${line}\n`);
  }
}

/** Arms the points by PERENNIAL_FAULTS, the options of a plan as JSON. Throws where NODE_ENV is `production`. */
export function installFaultsFrom(env: Readonly<Record<string, string | undefined>>): void {
  if (!env.PERENNIAL_FAULTS) return;
  if (env.NODE_ENV === 'production') throw new Error('PERENNIAL_FAULTS is set, and faults are never injected in production: unset it.');
  installFaults(new FaultPlan(JSON.parse(env.PERENNIAL_FAULTS) as FaultPlanOptions));
}

export interface FaultCount {
  readonly reached: number;
  readonly struck: number;
}

/** What a campaign came by, over all its processes: each point with how often it was reached, and how often it struck. */
export function faultCounts(countsFile: string): Map<FaultPointName, FaultCount> {
  const counts = new Map<FaultPointName, FaultCount>(faultPoints.map((point) => [point, { reached: 0, struck: 0 }]));
  for (const line of readFileSync(countsFile, 'utf8').split('\n')) {
    const [point, mode] = line.split(' ') as [FaultPointName, FaultMode | undefined];
    const count = counts.get(point);
    if (count) counts.set(point, { reached: count.reached + 1, struck: count.struck + (mode ? 1 : 0) });
  }
  return counts;
}

/** The points that a campaign never came by, which makes it worth less than it says. */
export function pointsNeverReached(countsFile: string, expected: readonly FaultPointName[] = faultPoints): FaultPointName[] {
  const counts = faultCounts(countsFile);
  return expected.filter((point) => counts.get(point)?.reached === 0);
}

function strike(mode: 'throw' | 'kill' | 'stop', point: FaultPointName): void {
  if (mode === 'throw') throw new InjectedFault(point);
  process.kill(process.pid, mode === 'kill' ? 'SIGKILL' : 'SIGSTOP');
}

/** Evenly spread in [0, 1), and the same for the same arguments. */
function fraction(...from: readonly (string | number)[]): number {
  return createHash('sha256').update(from.join('/')).digest().readUInt32BE(0) / 2 ** 32;
}
