import { join } from 'node:path';
import type { NestExpressApplication } from '@nestjs/platform-express';
import express, { type Response } from 'express';
import { EXPLORER_FILES, Explorer } from './explorer.js';

const assets = join(import.meta.dirname, 'assets');

/** What pages are made of, and the explorer. `configureHttp` calls it. */
export function setupPages(app: NestExpressApplication): void {
  // ETags are versions of streams, here too.
  const settings = { index: false, etag: false, redirect: false } as const;
  app.use('/assets', express.static(assets, settings));
  app.use(['/favicon.svg', '/favicon.ico'], (_request: unknown, response: Response) => {
    response.type('image/svg+xml').sendFile(join(assets, 'favicon.svg'), { etag: false });
  });
  app.use('/graphql/explorer', express.static(EXPLORER_FILES, settings));
  const explorer = app.get(Explorer);
  app.use('/graphql', explorer.answer.bind(explorer));
}
