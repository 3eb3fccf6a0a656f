import { Global, Module } from '@nestjs/common';
import { APP_FILTER, APP_INTERCEPTOR, APP_PIPE } from '@nestjs/core';
import { Explorer } from '../pages/explorer.js';
import { Laptop } from '../pages/laptop.js';
import { AnswerInterceptor } from './answer.js';
import { BodyRules } from './body-rules.js';
import { ProblemFilter } from './problem.filter.js';
import { RequestValidation } from './validation.js';

/** What holds for every request: validated input, problem documents, ETags. */
@Global()
@Module({
  providers: [
    Laptop,
    Explorer,
    { provide: APP_FILTER, useClass: ProblemFilter },
    { provide: APP_PIPE, useClass: RequestValidation },
    { provide: APP_INTERCEPTOR, useClass: BodyRules },
    { provide: APP_INTERCEPTOR, useClass: AnswerInterceptor },
  ],
  exports: [Laptop, Explorer],
})
export class HttpModule {}
