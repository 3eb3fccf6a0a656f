import { type Command, Redis, type RedisOptions } from 'ioredis';

/** How long a ring may take before it counts as lost. */
export const RING_MS = 250;

/** Soon, and soon again: a Redis that is back is used within the second. */
const retryStrategy = (times: number): number => Math.min(25 * 2 ** Math.min(times, 6), 1_000);

/**
 * The connection that rings. With Redis gone its commands fail at once instead of waiting in the process's memory: a ring
 * that comes late is worth nothing, and a command of ours never waits for one.
 */
export function ringingClient(url: string, onError: (error: Error) => void): Redis {
  return connect(url, onError, { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: RING_MS });
}

/** The connections that hear. Bull takes no others than those that wait for ever, since one of them blocks on the list. */
export function hearingClient(url: string, onError: (error: Error) => void): Redis {
  return connect(url, onError, { maxRetriesPerRequest: null, enableReadyCheck: false });
}

/**
 * ioredis subscribes again after a lost connection without looking at the outcome: closed in that moment, its rejection
 * would end the process. Whoever waits for a command still gets it.
 */
class WatchedRedis extends Redis {
  override sendCommand(command: Command, stream?: Parameters<Redis['sendCommand']>[1]): unknown {
    command.promise.catch(() => {});
    return super.sendCommand(command, stream);
  }
}

function connect(url: string, onError: (error: Error) => void, options: RedisOptions): Redis {
  const client = new WatchedRedis(url, {
    ...options,
    retryStrategy,
    connectTimeout: 2_000,
    keepAlive: 10_000,
    connectionName: 'perennial',
  });
  // One connection serves several queues, each of which listens on it.
  client.setMaxListeners(0);
  // Unheard, an error ends the process.
  client.on('error', onError);
  return client;
}
