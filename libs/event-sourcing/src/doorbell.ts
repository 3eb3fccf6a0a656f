/**
 * Says within this process that there may be work, so that workers look at once instead of at their next round.
 * A lost ring costs one polling interval, never work.
 */
export class Doorbell {
  private readonly listeners = new Set<(bucket: number) => void>();

  ring(bucket: number): void {
    for (const listener of this.listeners) listener(bucket);
  }

  /** Answers how to stop listening. */
  listen(listener: (bucket: number) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
