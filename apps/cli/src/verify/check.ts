import type { Finding } from './finding.js';
import type { Subject } from './subject.js';

/** One invariant of the system and the way to know whether it holds. */
export interface Check {
  /** As in the list of invariants: `I8`. */
  readonly id: string;
  /** The invariant, as a sentence. */
  readonly invariant: string;
  /** `advance` tells how far a long check has come, from 0 to 1. */
  run(subject: Subject, advance: (part: number) => void): AsyncGenerator<Finding>;
}
