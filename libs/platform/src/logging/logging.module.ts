import { type DynamicModule, Global, Module } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Config } from '../config/config.js';
import { createLog, type LineSink, LOG } from './log.js';

/**
 * The process's log, for Nest itself and for everybody who injects `LOG`. The lines of requests are written by
 * `requestLog`, not by nestjs-pino's middleware, which comes after the body parser and would never see a body that failed.
 */
@Global()
@Module({})
export class LoggingModule {
  static of(config: Pick<Config, 'logLevel' | 'logFile'>, sink?: LineSink): DynamicModule {
    const log = createLog(config, sink);
    return {
      module: LoggingModule,
      imports: [LoggerModule.forRoot({ pinoHttp: { logger: log }, forRoutes: [] })],
      providers: [{ provide: LOG, useValue: log }],
      exports: [LOG, LoggerModule],
    };
  }
}
