import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { loadConfig } from '#platform/config/config.js';
import { configureHttp, httpOptions } from '#platform/http/configure-http.js';
import { ApiModule } from '../../api/src/api.module.js';
import { startedOrEnd } from '../../start.js';
import { WorkerModule } from './worker.module.js';

await startedOrEnd(async () => {
  const config = loadConfig(process.env);

  @Module({ imports: [ApiModule.of(config), WorkerModule] })
  class WorkerApp {}

  // It answers HTTP too: health and metrics are asked of it like of any other process.
  const app = configureHttp(await NestFactory.create<NestExpressApplication>(WorkerApp, httpOptions));
  await app.listen(config.port, config.host);
});
