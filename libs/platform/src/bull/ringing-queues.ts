import Bull, { type Queue, type QueueOptions } from 'bull';
import type { Redis } from 'ioredis';
import { type JobLane, jobLanes } from '#event-sourcing/job-lanes.js';
import { prefixOf, type Ring } from './bull-bell.js';
import { ringingClient } from './redis-clients.js';

/** The queue of a lane as those see it who ring. All of them share one connection. */
export function ringingOptions(lane: JobLane, client: Redis): QueueOptions {
  return { prefix: prefixOf(lane), createClient: () => client };
}

/** The queues without Nest, for tools and tests. Whoever makes them disconnects the client. */
export function ringingQueues(redisUrl: string): { readonly client: Redis; readonly queues: ReadonlyMap<JobLane, Queue<Ring>> } {
  const client = ringingClient(redisUrl, () => {});
  return { client, queues: new Map(jobLanes.map((lane) => [lane, new Bull<Ring>(lane, ringingOptions(lane, client))])) };
}
