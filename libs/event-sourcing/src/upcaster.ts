/**
 * Lifts the stored data of one event version to the next, purely, when it is read. Stored payloads are never rewritten;
 * each version ever written has a recorded fixture in the tests.
 */
export interface Upcaster {
  readonly type: string;
  /** The schema version that it takes; it gives `from + 1`. */
  readonly from: number;
  readonly upcast: (data: Record<string, unknown>) => Record<string, unknown>;
}
