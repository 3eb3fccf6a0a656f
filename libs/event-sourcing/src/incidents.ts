/** Something that went wrong in the background, where no caller hears of it: for logs and metrics. */
export interface Incident {
  readonly what:
    | 'job-failed'
    | 'timer-set-aside'
    | 'timers-stopped'
    | 'reader-stopped'
    | 'loop-failed'
    | 'reconciliation-difference'
    | 'account-parked';
  readonly details: Readonly<Record<string, unknown>>;
  readonly error: Error;
}

/** Where background work reports what went wrong. */
export class Incidents {
  private readonly listeners = new Set<(incident: Incident) => void>();

  report(incident: Incident): void {
    for (const listener of this.listeners) listener(incident);
  }

  listen(listener: (incident: Incident) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
