import type { Charge } from './charge.js';

export const documentKinds = ['period', 'change', 'lateUsage', 'oneOff', 'correction'] as const;
export type DocumentKind = (typeof documentKinds)[number];

/**
 * Charges that are to be invoiced together, carried by the event that is their cause. Whatever has something to bill says it
 * in this form, and invoicing makes every bill a document by one path.
 */
export interface Bill {
  readonly kind: DocumentKind;
  /**
   * What is billed, unique within the subscription (or account) for ever: `period/3`. The document's identity derives from
   * it, so that nothing is billed twice, and two causes of one moment are two documents.
   */
  readonly cause: string;
  /** Of late usage: the cause of the bill that it adds to; absent where nothing was billed before. */
  readonly supplements?: string;
  /** At least one. */
  readonly charges: readonly Charge[];
}
