import { type FaultPointName, faultPoints } from '#kernel/fault-point.js';
import type { App } from './program.js';

/** Passed only when the gateway fails, a parked account is released, or once in hours: other campaigns strike at them. */
const RARE: ReadonlySet<FaultPointName> = new Set([
  'relay.between-groups',
  'payments.before-retrieve',
  'payments.after-retrieve',
  'payments.before-cancel',
  'payments.after-cancel',
  'payments.sweep-kept',
]);

/** Where a process is made to kill itself: all points that the load of this suite passes by. */
export const pointsOfLoad: readonly FaultPointName[] = faultPoints.filter((point) => !RARE.has(point));

/** The processes that pass by a point. */
export function appsAt(point: FaultPointName): readonly App[] {
  if (point === 'payments.webhook-stored') return ['api'];
  return /^(commands|transactions)\./.test(point) ? ['api', 'worker'] : ['worker'];
}
