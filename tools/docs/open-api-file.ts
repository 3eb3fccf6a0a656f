import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { loadConfig } from '#platform/config/config.js';
import { openApiDocument } from '#platform/openapi/open-api-document.js';
import { ApiModule } from '../../apps/api/src/api.module.js';

/** The OpenAPI document as the API answers it. In preview nothing is made that the document would need, and nothing is connected to. */
export async function openApiFile(): Promise<string> {
  const config = loadConfig({ DATABASE_URL: 'postgres://localhost/none' });
  const app = await NestFactory.create<NestExpressApplication>(ApiModule.of(config), {
    preview: true,
    logger: ['error'],
    abortOnError: false,
  });
  return `${JSON.stringify(openApiDocument(app), null, 2)}\n`;
}
