import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { withAnswerHeaders } from './answer-headers.js';
import { withClosedInputs } from './closed-inputs.js';
import { introduction, tags } from './introduction.js';
import { inJsonSchema } from './json-schema.js';
import { withProblemResponses } from './problem-responses.js';
import { withRecordedExamples } from './recorded-examples.js';

/** The whole document; also for the file in docs/generated. */
export function openApiDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('Perennial')
    .setDescription(introduction)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'Where this document was fetched from')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'pk_…', description: 'An API key: `Authorization: Bearer pk_…`' })
    .addSecurityRequirements('bearer');
  for (const [name, description] of Object.entries(tags)) builder.addTag(name, description);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory: (controller, method) => `${controller}.${method}`,
  });
  // An empty one says nothing.
  delete document.info.contact;
  const described = withAnswerHeaders(withProblemResponses(withClosedInputs(document)));
  return inJsonSchema(withRecordedExamples(described));
}
