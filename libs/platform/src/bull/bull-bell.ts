import Bull, { type Job, type Queue, type RateLimiter } from 'bull';
import type { Redis } from 'ioredis';
import type { Logger } from 'pino';
import type { RungJob } from '#event-sourcing/doorbell.js';
import type { HearJob, JobBell, RungFor } from '#event-sourcing/job-bell.js';
import { type JobLane, laneWidths } from '#event-sourcing/job-lanes.js';
import { hearingClient, RING_MS } from './redis-clients.js';

/** All that Redis ever holds of a job. After a flush a connection may still be handed the names of rings, without what they held. */
export type Ring = RungFor;

export interface BellOptions {
  readonly redisUrl: string;
  /** Silent for so long, Redis counts as gone, and workers take jobs themselves. */
  readonly goneAfterMs?: number;
  /** Rings beyond this number wait in PostgreSQL: a backlog must not fill the memory of Redis. */
  readonly depth?: number;
}

/** Stripe takes 100 calls a second, of which one job makes two or three; everybody else is protected by the lanes' widths. */
const LIMITERS: { readonly [Lane in JobLane]?: RateLimiter } = { gateway: { max: 30, duration: 1_000 } };

/** A job is never Bull's to keep: no attempts, no history, and a ring that is lost is the sweeper's affair. */
const NOTHING_KEPT = { attempts: 1, removeOnComplete: true, removeOnFail: true } as const;
const DEAFEN_MS = 2_000;
const REOPEN_MS = 1_000;

/** The keys of each queue lie in one slot of a Redis Cluster: the braces say what is hashed. */
export const prefixOf = (lane: JobLane): string => `{perennial.${lane}}`;

/** The bell on Bull. Whatever happens to Redis, `ring` and `room` neither throw nor take longer than a moment. */
export class BullBell implements JobBell {
  private readonly hearing = new Map<JobLane, Queue<Ring>>();
  private readonly clients: Redis[] = [];
  private answeredAtMs = performance.now();
  private reachable = true;
  private closing = false;

  constructor(
    private readonly queues: ReadonlyMap<JobLane, Queue<Ring>>,
    private readonly log: Logger,
    private readonly options: BellOptions,
  ) {
    for (const [lane, queue] of queues) queue.on('error', (error) => this.failed(lane, error));
  }

  /** Redis has answered within the last seconds. */
  get isInReach(): boolean {
    return performance.now() - this.answeredAtMs <= (this.options.goneAfterMs ?? 3_000);
  }

  async room(lane: JobLane): Promise<number | null> {
    const waiting = await this.asked(lane, (queue) => queue.count());
    if (waiting !== null) return Math.max(0, (this.options.depth ?? 1_000) - waiting);
    return this.isInReach ? 0 : null;
  }

  async ring(lane: JobLane, jobs: readonly RungJob[]): Promise<void> {
    const rings = jobs.map(({ id, bucket, epoch }) => ({ data: { id, bucket }, opts: { jobId: `${id}.${epoch}`, ...NOTHING_KEPT } }));
    await this.asked(lane, (queue) => queue.addBulk(rings));
  }

  listen(lanes: readonly JobLane[], hear: HearJob): void {
    const shared = { client: this.client(), subscriber: this.client() };
    for (const lane of lanes) this.open(lane, hear, shared);
  }

  async deafen(): Promise<void> {
    this.closing = true;
    await inTime(Promise.all([...this.hearing.values()].map((queue) => queue.pause(true, true))), DEAFEN_MS).catch(() => {});
  }

  async close(): Promise<void> {
    this.closing = true;
    const queues = [...this.hearing.values(), ...this.queues.values()];
    await inTime(Promise.all(queues.map((queue) => queue.close(true))), DEAFEN_MS).catch(() => {});
    for (const client of this.clients) client.disconnect();
  }

  /** Bull gives up on a queue whose first connection fails: it is opened anew until it stands. */
  private open(lane: JobLane, hear: HearJob, shared: Record<'client' | 'subscriber', Redis>): void {
    const queue = new Bull<Ring>(lane, {
      prefix: prefixOf(lane),
      createClient: (purpose) => (purpose === 'bclient' ? this.client() : shared[purpose]),
      limiter: LIMITERS[lane],
      // A ring that was heard by a process which then died is heard again soon; more than once does no harm.
      settings: { lockDuration: 60_000, lockRenewTime: 15_000, stalledInterval: 30_000, maxStalledCount: 3, retryProcessDelay: 500 },
    });
    queue.on('error', (error) => this.failed(lane, error));
    // Bull would name its connection without looking at the outcome, which ends the process where Redis is not there. They have a name.
    Object.assign(queue, { setWorkerName: async () => {} });
    this.hearing.set(lane, queue);
    queue
      .process(laneWidths[lane], ({ data }: Job<Partial<Ring>>) => hear(lane, rungFor(data)))
      .catch((error: Error) => {
        this.failed(lane, error);
        if (this.closing) return;
        void queue.close(true).catch(() => {});
        setTimeout(() => this.closing || this.open(lane, hear, shared), REOPEN_MS).unref();
      });
  }

  private client(): Redis {
    const client = hearingClient(this.options.redisUrl, () => {});
    this.clients.push(client);
    return client;
  }

  /** Null when Redis does not answer in time. */
  private async asked<T>(lane: JobLane, question: (queue: Queue<Ring>) => Promise<T>): Promise<T | null> {
    const queue = this.queues.get(lane)!;
    if (queue.client.status !== 'ready') return this.unanswered();
    try {
      const answer = await inTime(question(queue), RING_MS);
      this.answeredAtMs = performance.now();
      if (!this.reachable) this.log.info('Redis answers again: jobs are spread by its queues.');
      this.reachable = true;
      return answer;
    } catch (error) {
      this.failed(lane, error as Error);
      return this.unanswered();
    }
  }

  private unanswered(): null {
    if (this.reachable && !this.isInReach) {
      this.reachable = false;
      this.log.warn('Redis does not answer: each worker takes jobs from the database itself.');
    }
    return null;
  }

  private failed(lane: JobLane, error: Error): void {
    this.log.debug({ queue: lane, err: error }, 'A queue reported an error.');
  }
}

function rungFor({ bucket, id }: Partial<Ring>): Ring | null {
  return bucket === undefined || id === undefined ? null : { bucket, id };
}

async function inTime<T>(work: Promise<T>, limitMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Redis did not answer within ${limitMs} ms.`)), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
