import { Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import type { Logger } from 'pino';
import { Config } from '../config/config.js';
import { LOG } from '../logging/log.js';
import { connectionOptions } from './connection.js';

/** The pool of connections that serving processes use, as the application's role. */
@Module({
  imports: [
    TypeOrmModule.forRootAsync({
      inject: [Config, LOG],
      useFactory: (config: Config, log: Logger) => ({
        ...connectionOptions(config.databaseUrl, config.databasePoolSize),
        // A connection that breaks while idle is replaced; unheard, its error would end the process.
        poolErrorHandler: (error: Error) => log.warn({ err: error }, 'A database connection broke.'),
        retryAttempts: 10,
        retryDelay: 1_000,
      }),
    }),
  ],
})
export class DatabaseModule {}
