import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { loadConfig } from '#platform/config/config.js';
import { configureHttp, httpOptions } from '#platform/http/configure-http.js';
import { startedOrEnd } from '../../start.js';
import { ApiModule } from './api.module.js';

await startedOrEnd(async () => {
  const config = loadConfig(process.env);
  const app = configureHttp(await NestFactory.create<NestExpressApplication>(ApiModule.of(config), httpOptions));
  await app.listen(config.port, config.host);
});
