import type { Redis } from 'ioredis';
import type { ReadinessCheck } from '../health/readiness.js';

/** Beyond this a process serves without Redis, as it does when Redis goes away later: nothing but speed depends on it. */
const PATIENCE_MS = 10_000;

/** Waits at the start for a Redis that is configured, so that a rollout does not begin with a backlog. */
export function redisAnswered(client: Pick<Redis, 'status'>): ReadinessCheck {
  const startedMs = performance.now();
  let answered = false;
  return {
    name: 'redis',
    waitingFor: async () => {
      answered ||= client.status === 'ready' || performance.now() - startedMs > PATIENCE_MS;
      return answered ? null : 'Redis is being connected to.';
    },
  };
}
