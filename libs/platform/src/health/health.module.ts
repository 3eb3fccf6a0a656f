import { Global, Module } from '@nestjs/common';
import { Concerns } from './concerns.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './metrics.controller.js';
import { Readiness } from './readiness.js';

@Global()
@Module({ controllers: [HealthController, MetricsController], providers: [Readiness, Concerns], exports: [Readiness, Concerns] })
export class HealthModule {}
