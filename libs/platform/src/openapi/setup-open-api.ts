import type { NestExpressApplication } from '@nestjs/platform-express';
import { SwaggerModule } from '@nestjs/swagger';
import type { Application } from 'express';
import { Guides } from '../pages/guides.js';
import { Laptop } from '../pages/laptop.js';
import { openApiDocument } from './open-api-document.js';
import { problemsPage } from './problems-page.js';

/** /docs (Swagger UI from local files), /docs/openapi.json, /docs/problems, and the guides under /docs/. `configureHttp` calls it. */
export function setupOpenApi(app: NestExpressApplication): void {
  const express: Application = app.getHttpAdapter().getInstance();
  const laptop = app.get(Laptop);
  const guides = new Guides();
  express.get('/docs/problems', (_request, response) => {
    response.type('html').send(problemsPage());
  });
  express.get('/docs/key', (request, response) => {
    response.setHeader('Cache-Control', 'no-store');
    response.json({ apiKey: laptop.shownTo(request)?.apiKey ?? null });
  });
  express.get('/docs/:guide', (request, response, next) => {
    const page = guides.page(request.params.guide);
    if (page === undefined) next();
    else response.type('html').send(page);
  });
  SwaggerModule.setup('docs', app, () => openApiDocument(app), {
    jsonDocumentUrl: 'docs/openapi.json',
    raw: ['json'],
    customSiteTitle: 'Perennial API',
    customJs: '/assets/docs.js',
    // Without this Swagger UI sends the document's address to a validator on the internet.
    swaggerOptions: { validatorUrl: null, persistAuthorization: false },
  });
}
