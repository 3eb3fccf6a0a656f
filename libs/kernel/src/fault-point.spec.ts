import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { jest } from '@jest/globals';
import { FaultPlan, type FaultPlanOptions, faultCounts, InjectedFault, installFaultsFrom, pointsNeverReached } from './fault-plan.js';
import { type FaultPointName, faultPoint, faultPointSync, faultPoints, installFaults } from './fault-point.js';

const root = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'fault-point-'));
const countsFile = (): string => join(mkdtempSync(join(folder, 'counts-')), 'counts');
let disarm: () => void = () => {};
afterEach(() => disarm());
afterAll(() => rmSync(folder, { recursive: true }));

function arm(options: FaultPlanOptions): FaultPlan {
  const plan = new FaultPlan(options);
  disarm = installFaults(plan);
  return plan;
}

describe('A fault point', () => {
  it('does nothing, and makes nothing, while no faults are installed', async () => {
    expect(faultPointSync('jobs.after-claim')).toBeUndefined();
    expect(faultPoint('jobs.after-claim')).toBe(faultPoint('jobs.before-finish'));
    await expect(faultPoint('jobs.after-claim')).resolves.toBeUndefined();
  });

  it('throws what looks like a broken connection, at the hit that was planned', async () => {
    arm({ seed: 1, points: { 'jobs.after-claim': { mode: 'throw', atHit: 2 } } });
    await faultPoint('jobs.after-claim');
    await expect(faultPoint('jobs.after-claim')).rejects.toMatchObject({ name: 'InjectedFault', code: 'ECONNRESET' });
    await faultPoint('jobs.after-claim');
    await faultPoint('jobs.before-finish');
  });

  it('throws where nothing can be awaited, too', () => {
    arm({ seed: 1, points: { 'jobs.after-claim': { mode: 'throw', chance: 1 } } });
    expect(() => faultPointSync('jobs.after-claim')).toThrow(InjectedFault);
  });

  it('sleeps, and calls what it is given', async () => {
    const called: string[] = [];
    const call = async () => void called.push('called');
    arm({
      seed: 1,
      points: { 'jobs.after-claim': { mode: 'sleep', sleepMs: 30, chance: 1 }, 'jobs.in-finish': { mode: 'call', call, chance: 1 } },
    });
    const order: string[] = [];
    const woken = faultPoint('jobs.after-claim').then(() => order.push('woken'));
    setTimeout(() => order.push('a shorter timer'), 1);
    await woken;
    expect(order).toEqual(['a shorter timer', 'woken']);
    const blocked = jest.spyOn(Atomics, 'wait');
    faultPointSync('jobs.after-claim');
    expect(blocked).toHaveBeenCalledWith(expect.any(Int32Array), 0, 0, 30);
    blocked.mockRestore();
    await faultPoint('jobs.in-finish');
    expect(called).toEqual(['called']);
  });

  it('is disarmed again', async () => {
    arm({ seed: 1, points: { 'jobs.after-claim': { mode: 'throw', chance: 1 } } });
    disarm();
    await faultPoint('jobs.after-claim');
  });
});

describe('A plan', () => {
  const strikes = (seed: number): string[] => {
    const plan = new FaultPlan({ seed, modes: ['throw'] });
    const struck: string[] = [];
    for (const point of faultPoints) {
      for (let hit = 1; hit <= 200; hit += 1) {
        try {
          plan.reachSync(point);
        } catch {
          struck.push(`${point} ${hit}`);
        }
      }
    }
    return struck;
  };

  it('strikes at the same hits for the same seed, and at others for another', () => {
    expect(strikes(7)).toEqual(strikes(7));
    expect(strikes(7)).not.toEqual(strikes(8));
  });

  it('has a quarter of the points on in a run, and each of them strikes one time in twenty', () => {
    const seeds = Array.from({ length: 400 }, (_, seed) => seed);
    const on = seeds.map((seed) => new FaultPlan({ seed }).on.length);
    expect(on.reduce((a, b) => a + b) / (400 * faultPoints.length)).toBeCloseTo(0.25, 1);
    const struck = seeds.slice(0, 100).flatMap(strikes).length;
    const reached = seeds.slice(0, 100).reduce((sum, seed) => sum + new FaultPlan({ seed }).on.length * 200, 0);
    expect(struck / reached).toBeCloseTo(0.05, 2);
  });

  it('counts what was reached and what struck, over all processes, and names what was never reached', async () => {
    const file = countsFile();
    for (let runs = 0; runs < 2; runs += 1) {
      const plan = new FaultPlan({ seed: 1, countsFile: file, points: { 'jobs.after-claim': { mode: 'throw', atHit: 1 } } });
      await expect(plan.reach('jobs.after-claim')).rejects.toThrow('injected');
      await plan.reach('jobs.after-claim');
    }
    expect(faultCounts(file).get('jobs.after-claim')).toEqual({ reached: 4, struck: 2 });
    expect(pointsNeverReached(file, ['jobs.after-claim', 'jobs.in-finish'])).toEqual(['jobs.in-finish']);
  });
});

describe('In production', () => {
  const given = process.env.NODE_ENV;
  afterEach(() => {
    process.env.NODE_ENV = given;
  });

  it('faults are refused, whether they are installed or asked for by a variable', () => {
    const PERENNIAL_FAULTS = JSON.stringify({ seed: 1 });
    expect(() => installFaultsFrom({ NODE_ENV: 'production', PERENNIAL_FAULTS })).toThrow('never injected in production');
    expect(() => installFaultsFrom({ NODE_ENV: 'production' })).not.toThrow();
    process.env.NODE_ENV = 'production';
    expect(() => installFaults(new FaultPlan({ seed: 1 }))).toThrow('never injected in production');
  });
});

describe('A process', () => {
  const script = join(folder, 'struck.ts');
  const kernel = join(root, 'libs/kernel/src');
  beforeAll(() =>
    writeFileSync(
      script,
      `const { installFaultsFrom } = await import('${kernel}/fault-plan.ts');
       const { faultPoint } = await import('${kernel}/fault-point.ts');
       installFaultsFrom(process.env);
       process.stdout.write('before ');
       await faultPoint('jobs.before-finish');
       process.stdout.write('after');`,
    ),
  );

  function start(mode: 'kill' | 'stop', file: string) {
    const plan: FaultPlanOptions = { seed: 1, countsFile: file, points: { 'jobs.before-finish': { mode, atHit: 1 } } };
    const child = spawn(process.execPath, ['--import', join(root, 'test/support/source-loader.js'), script], {
      env: { ...process.env, NODE_ENV: 'test', PERENNIAL_FAULTS: JSON.stringify(plan) },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    return { child, said: () => said, ended: once(child, 'close') };
  }

  it('is killed at a point, and the point is counted all the same', async () => {
    const file = countsFile();
    const { said, ended } = start('kill', file);
    expect(await ended).toEqual([null, 'SIGKILL']);
    expect(said()).not.toContain('after');
    expect(faultCounts(file).get('jobs.before-finish')).toEqual({ reached: 1, struck: 1 });
  });

  it('stands still at a point until it is let go on', async () => {
    const { child, said, ended } = start('stop', countsFile());
    const state = (): string => readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]![0]!;
    while (state() !== 'T') await pause(20);
    await pause(100);
    expect(said()).not.toContain('after');
    child.kill('SIGCONT');
    expect(await ended).toEqual([0, null]);
    expect(said()).toBe('before after');
  });
});

describe('The list of points', () => {
  it('names every point of the code, and every name of it stands exactly once in the code', () => {
    expect(disagreements(sources(), faultPoints)).toEqual([]);
  });

  it('is found wrong when a name is missing in it, unused, used twice or not a plain name', () => {
    const known = ['a.known'] as unknown as readonly FaultPointName[];
    const code = (text: string) => [{ path: 'libs/x/src/x.ts', text }];
    expect(disagreements(code("await faultPoint('a.known')"), known)).toEqual([]);
    expect(disagreements(code("faultPoint('a.known'); faultPointSync('b.new')"), known)).toEqual([
      'b.new is not in the list (libs/x/src/x.ts)',
    ]);
    expect(disagreements(code(''), known)).toEqual(['a.known stands 0 times in the code']);
    expect(disagreements(code("faultPoint('a.known'); faultPoint('a.known')"), known)).toEqual(['a.known stands 2 times in the code']);
    expect(disagreements(code("faultPoint('a.known'); faultPoint(name)"), known)).toEqual([
      'faultPoint(name) names no point (libs/x/src/x.ts)',
    ]);
  });
});

interface Source {
  readonly path: string;
  readonly text: string;
}

function sources(): Source[] {
  return ['libs', 'apps'].flatMap((top) =>
    readdirSync(join(root, top), { recursive: true, encoding: 'utf8' })
      .map((path) => join(top, path))
      .filter((path) => path.endsWith('.ts') && !/\.spec\.ts$|\/testing\/|kernel\/src\/fault-/.test(path))
      .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') })),
  );
}

function disagreements(code: readonly Source[], names: readonly string[]): string[] {
  const uses = new Map(names.map((name) => [name, 0]));
  const wrong: string[] = [];
  for (const { path, text } of code) {
    for (const [use, , argument] of text.matchAll(/\bfaultPoint(Sync)?\(([^)]*)\)/g)) {
      const name = /^'([^']+)'$/.exec(argument!)?.[1];
      if (name === undefined) wrong.push(`${use} names no point (${path})`);
      else if (uses.has(name)) uses.set(name, uses.get(name)! + 1);
      else wrong.push(`${name} is not in the list (${path})`);
    }
  }
  return [...wrong, ...[...uses].filter(([, times]) => times !== 1).map(([name, times]) => `${name} stands ${times} times in the code`)];
}
