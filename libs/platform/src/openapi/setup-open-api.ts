import type { NestExpressApplication } from '@nestjs/platform-express';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import type { Application } from 'express';
import { withProblemResponses } from './problem-responses.js';
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

/** The whole document; also for a file that CI compares. */
export function openApiDocument(app: NestExpressApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Perennial')
    .setDescription('Subscription billing. Failures are problem documents; their codes are listed at [/docs/problems](/docs/problems).')
    .setVersion('1')
    .addBearerAuth({ type: 'http', scheme: 'bearer', description: 'An API key: `pk_…`' })
    .addSecurityRequirements('bearer')
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    operationIdFactory: (controller, method) => `${controller.replace(/Controller$/, '')}_${method}`,
  });
  return withProblemResponses(document);
}
