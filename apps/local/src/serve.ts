import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Clock } from '#event-sourcing/clock.js';
import { ApiKeys, issueApiKey, readApiKey } from '#platform/auth/api-keys.js';
import type { Config } from '#platform/config/config.js';
import { configureHttp, httpOptions } from '#platform/http/configure-http.js';
import { Laptop, type LocalSecrets } from '#platform/pages/laptop.js';
import { ApiModule } from '../../api/src/api.module.js';
import { WorkerModule } from '../../worker/src/worker.module.js';

/** API and worker as one application, not yet listening. */
export async function serve(config: Config): Promise<NestExpressApplication> {
  @Module({ imports: [ApiModule.of(config), WorkerModule] })
  class LocalApp {}

  const app = configureHttp(await NestFactory.create<NestExpressApplication>(LocalApp, httpOptions));
  await app.init();
  return app;
}

/** The key of the last start while the database knows it, else a new one. */
export async function ensureApiKey(app: NestExpressApplication, known: string): Promise<string> {
  const keys = app.get(ApiKeys, { strict: false });
  const parts = readApiKey(known);
  if (parts && (await keys.find(parts.id))) return known;
  const { text, record } = issueApiKey({ role: 'super_admin', name: 'local development' }, app.get(Clock, { strict: false }).now());
  await keys.add(record);
  return text;
}

/** Tells the person at this machine, on the first page, what runs and which key opens it. */
export function showOnFrontPage(app: NestExpressApplication, secrets: LocalSecrets): void {
  app.get(Laptop).show(secrets);
}
