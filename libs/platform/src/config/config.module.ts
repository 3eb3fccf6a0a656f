import { type DynamicModule, Global, Module } from '@nestjs/common';
import { JOB_TIMING, jobTiming } from '#event-sourcing/job-runner.js';
import { Config } from './config.js';

/** Makes the configuration that was read at start injectable everywhere, as `Config`. */
@Global()
@Module({})
export class ConfigModule {
  static of(config: Config): DynamicModule {
    const providers = [
      { provide: Config, useValue: config },
      { provide: JOB_TIMING, useValue: jobTiming(config.jobLeaseSeconds) },
    ];
    return { module: ConfigModule, providers, exports: [Config, JOB_TIMING] };
  }
}
