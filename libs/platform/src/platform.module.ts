import { type DynamicModule, Module } from '@nestjs/common';
import { type ApiKeysProvider, AuthModule } from './auth/auth.module.js';
import type { Config } from './config/config.js';
import { ConfigModule } from './config/config.module.js';
import { HealthModule } from './health/health.module.js';
import { HttpModule } from './http/http.module.js';
import type { LineSink } from './logging/log.js';
import { LoggingModule } from './logging/logging.module.js';

export interface PlatformOptions {
  /** Where API keys are kept; PostgreSQL unless a test says otherwise. */
  readonly apiKeys?: ApiKeysProvider;
  /** Collects the lines of the log instead of writing them. */
  readonly logSink?: LineSink;
}

/** Configuration, log, HTTP conventions, authentication and health: what an application that answers HTTP starts with. */
@Module({})
export class PlatformModule {
  static of(config: Config, { apiKeys, logSink }: PlatformOptions = {}): DynamicModule {
    return {
      module: PlatformModule,
      imports: [ConfigModule.of(config), LoggingModule.of(config, logSink), AuthModule.of(apiKeys), HttpModule, HealthModule],
    };
  }
}
