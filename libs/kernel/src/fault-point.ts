/**
 * The places where a crash, a pause or a broken connection would hurt most, in the order in which work passes them. Each
 * name stands exactly once in the code. A campaign strikes at them (see fault-plan.ts) and fails when it never came by one.
 */
export const faultPoints = [
  // A command, from its idempotency key to its answer.
  'commands.before-key',
  'commands.after-key',
  'commands.before-events',
  'commands.after-events',
  'commands.after-projections',
  'commands.after-answers',
  'commands.before-ring',
  'commands.before-reply',
  // Every transaction. A throw after the commit is the case of a caller who sees an error although all is done.
  'transactions.before-commit',
  'transactions.after-commit',
  // Timers, and with them the billing run: `between-batches` is the k-th of n.
  'timers.after-claim',
  'timers.after-firing',
  'timers.between-batches',
  // Readers of the log: effects are written, the checkpoint is not.
  'readers.after-effects',
  'readers.after-checkpoint',
  'relay.between-groups',
  // Jobs: a claim is committed before the work begins, the end is one transaction with the effect.
  'jobs.after-claim',
  'jobs.before-finish',
  'jobs.in-finish',
  'jobs.after-finish',
  'jobs.after-marking',
  // A payment. After a call the gateway has acted, and nobody of ours knows; after recording, all is known and the job is still there.
  'payments.before-create',
  'payments.after-create',
  'payments.after-intent-recorded',
  'payments.before-confirm',
  'payments.after-confirm',
  'payments.before-retrieve',
  'payments.after-retrieve',
  'payments.before-cancel',
  'payments.after-cancel',
  'payments.before-outcome',
  'payments.after-outcome',
  // A webhook: kept and not answered; its payment recorded and the webhook still unprocessed. A sweep: a page is kept, the cursor is not.
  'payments.webhook-stored',
  'payments.webhook-recorded',
  'payments.webhook-processed',
  'payments.sweep-kept',
] as const;

export type FaultPointName = (typeof faultPoints)[number];

/** What happens at the points while faults are installed. */
export interface Faults {
  reach(point: FaultPointName): Promise<void>;
  reachSync(point: FaultPointName): void;
}

const NOTHING = Promise.resolve();

let installed: Faults | null = null;

/** Marks a place where a campaign may strike: `await faultPoint('jobs.after-claim')`. Outside of campaigns it does nothing. */
export function faultPoint(point: FaultPointName): Promise<void> {
  return installed === null ? NOTHING : installed.reach(point);
}

/** The same where nothing can be awaited. */
export function faultPointSync(point: FaultPointName): void {
  installed?.reachSync(point);
}

/** Arms the points of this process; answers how to disarm them. Throws where NODE_ENV is `production`. */
export function installFaults(faults: Faults): () => void {
  if (process.env.NODE_ENV === 'production') throw new Error('Faults are never injected in production.');
  installed = faults;
  return () => {
    if (installed === faults) installed = null;
  };
}
