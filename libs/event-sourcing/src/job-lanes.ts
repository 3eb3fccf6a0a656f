/**
 * Work of one sort waits only for its own sort: a slow endpoint of somebody's webhooks must not keep a payment waiting.
 * Each lane has a queue of its own, and in each worker process a number of jobs that it runs at once.
 */
export const laneWidths = {
  /** Calls to the payment gateway. */
  gateway: 16,
  /** Webhooks to endpoints of others. */
  deliveries: 16,
  email: 4,
  /** PDFs, which need the processor. */
  documents: 2,
  other: 4,
} as const;

export type JobLane = keyof typeof laneWidths;

export const jobLanes = Object.keys(laneWidths) as JobLane[];
