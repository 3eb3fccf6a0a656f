import type { DatabaseSync } from 'node:sqlite';

/**
 * The simulator's idea of now: the wall clock, moved by an offset so that a platform on a test clock and its gateway can
 * agree on the date. Only `created` and other times in objects follow it; signatures and timers stay on the wall clock.
 */
export class SimulatedClock {
  private offsetMs: number;

  constructor(private readonly database: DatabaseSync) {
    const row = database.prepare("SELECT value FROM settings WHERE name = 'clock_offset_ms'").get();
    this.offsetMs = row === undefined ? 0 : Number(row.value);
  }

  /** Milliseconds since 1970. */
  nowMs(): number {
    return Date.now() + this.offsetMs;
  }

  /** Whole seconds since 1970, the unit of every time in Stripe's objects. */
  now(): number {
    return Math.floor(this.nowMs() / 1000);
  }

  /** Lets the clock show this time now and run on from there; `null` returns to the wall clock. Kept with the state. */
  set(nowMs: number | null): void {
    this.offsetMs = nowMs === null ? 0 : nowMs - Date.now();
    this.database.prepare("INSERT OR REPLACE INTO settings VALUES ('clock_offset_ms', ?)").run(String(this.offsetMs));
  }
}
