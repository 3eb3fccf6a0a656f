import { type DynamicModule, Global, Module } from '@nestjs/common';
import { JOB_TIMING, jobTiming } from '#event-sourcing/job-runner.js';
import { MasterKeys } from '#event-sourcing/master-keys.js';
import { Config } from './config.js';
import { masterKeysOf } from './master-keys-of.js';

/** Makes the configuration that was read at start injectable everywhere, as `Config`. */
@Global()
@Module({})
export class ConfigModule {
  static of(config: Config): DynamicModule {
    const providers = [
      { provide: Config, useValue: config },
      { provide: MasterKeys, useFactory: () => masterKeysOf(config) },
      { provide: JOB_TIMING, useValue: jobTiming(config.jobLeaseSeconds) },
    ];
    return { module: ConfigModule, providers, exports: [Config, JOB_TIMING, MasterKeys] };
  }
}
