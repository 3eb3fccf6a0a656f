import { FaultPlan } from '#kernel/fault-plan.js';
import { type FaultPointName, type Faults, faultPoints } from '#kernel/fault-point.js';

const CHANCE = 0.06;

/** Cuts the process off, as far as throwing can, at the points of the payment protocol, by the seed; and counts. */
export class CountedStrikes implements Faults {
  readonly reached = new Set<FaultPointName>();
  /** False once all is to heal: points are still counted, and nothing strikes any more. */
  striking = true;
  readonly struck = new Map<FaultPointName, number>();
  private readonly plan: FaultPlan;

  constructor(seed: number) {
    const ours = faultPoints.filter((name) => name.startsWith('payments.'));
    this.plan = new FaultPlan({ seed, points: Object.fromEntries(ours.map((name) => [name, { mode: 'throw', chance: CHANCE }])) });
  }

  async reach(point: FaultPointName): Promise<void> {
    this.reached.add(point);
    if (!this.striking) return;
    await this.plan.reach(point).catch((error: unknown) => {
      this.struck.set(point, (this.struck.get(point) ?? 0) + 1);
      throw error;
    });
  }

  reachSync(point: FaultPointName): void {
    if (this.striking) this.plan.reachSync(point);
  }
}
