import { type DynamicModule, Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Database } from '#event-sourcing/sql.js';
import { migrationsApplied } from '#migrations/migrations-applied.js';
import { JobQueuesModule } from '#platform/bull/job-queues.module.js';
import type { Config } from '#platform/config/config.js';
import { GraphqlModule } from '#platform/graphql/graphql.module.js';
import { Concerns } from '#platform/health/concerns.js';
import { databaseAnswers } from '#platform/health/database-readiness.js';
import { Readiness } from '#platform/health/readiness.js';
import { stoppedReaders } from '#platform/health/stopped-buckets.js';
import { PlatformModule, type PlatformOptions } from '#platform/platform.module.js';
import { ContextsModule } from '../../contexts.module.js';
import { exampleQueries } from './front/example-queries.js';
import { FrontPageController } from './front/front-page.controller.js';

/** REST and GraphQL over all contexts. */
@Module({ controllers: [FrontPageController] })
export class ApiModule {
  constructor(readiness: Readiness, concerns: Concerns, dataSource: DataSource, database: Database) {
    readiness.register(databaseAnswers(dataSource));
    readiness.register(migrationsApplied(dataSource));
    concerns.register(stoppedReaders(database));
  }

  static of(config: Config, options?: PlatformOptions): DynamicModule {
    return {
      module: ApiModule,
      imports: [
        PlatformModule.of(config, options),
        GraphqlModule.of({ examples: exampleQueries }),
        ContextsModule,
        JobQueuesModule.of(config),
      ],
    };
  }
}
