import { type DynamicModule, Module } from '@nestjs/common';
import type { Config } from '../config/config.js';

/**
 * Spreads jobs over the workers of all machines where REDIS_URL names a Redis. Without one nothing of Bull is loaded, and
 * each worker takes jobs from the database itself: the same work, by the same rows.
 */
@Module({})
export class JobQueuesModule {
  static async of({ redisUrl }: Pick<Config, 'redisUrl'>): Promise<DynamicModule> {
    if (redisUrl === null) return { module: JobQueuesModule };
    const { BullQueuesModule } = await import('./bull-queues.module.js');
    return { module: JobQueuesModule, imports: [BullQueuesModule.of({ redisUrl })] };
  }
}
