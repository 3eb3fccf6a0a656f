import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { Concerns } from './concerns.js';

@ApiTags('Health')
@Controller('metrics')
export class MetricsController {
  constructor(@Inject(Concerns) private readonly concerns: Concerns) {}

  @Get()
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'readMetrics',
    summary: 'Metrics for Prometheus',
    description: 'Gauges of what a person has to look at. They count; who or what it is, is in the details of the health.',
  })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string', example: 'perennial_parked_accounts 0\n' } })
  metrics(): Promise<string> {
    return this.concerns.exposition();
  }
}
