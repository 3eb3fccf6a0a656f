/**
 * Something stored is known to newer code only, as happens while two versions run side by side: an event, its form, a timer's
 * command. A process that meets it leaves it where it is, for one that knows it.
 */
export class NewerCodeNeeded extends Error {
  override readonly name = 'NewerCodeNeeded';
}

const LONGEST_MS = 60_000;

/** The buckets that a process leaves to others for a while. They are told nothing of it: who knows more may begin at once. */
export class LeftBuckets {
  private readonly left = new Map<number, { readonly untilMs: number; readonly pauseMs: number }>();

  /** Each time in a row for twice as long. */
  leave(bucket: number): void {
    const pauseMs = Math.min(LONGEST_MS, 2 * (this.left.get(bucket)?.pauseMs ?? 125));
    this.left.set(bucket, { pauseMs, untilMs: performance.now() + pauseMs });
  }

  takeUp(bucket: number): void {
    this.left.delete(bucket);
  }

  has(bucket: number): boolean {
    return (this.left.get(bucket)?.untilMs ?? 0) > performance.now();
  }
}
