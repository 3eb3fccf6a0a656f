import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import type { Application } from 'express';
import { openApiDocument } from './open-api-document.js';
import { problemsPage } from './problems-page.js';

/** /docs (Swagger UI from local files), /docs/openapi.json, /docs/problems. `configureHttp` calls it. */
export function setupOpenApi(app: NestExpressApplication): void {
  const express: Application = app.getHttpAdapter().getInstance();
  express.get('/docs/problems', (_request, response) => {
    response.type('html').send(problemsPage());
  });
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'docs/openapi.json',
    raw: ['json'],
    customSiteTitle: 'Perennial API',
    // Without this Swagger UI sends the document's address to a validator on the internet.
    swaggerOptions: { validatorUrl: null, persistAuthorization: false },
  });
}
