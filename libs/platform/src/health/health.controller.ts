import { Controller, Get, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../auth/auth.guard.js';
import { Readiness } from './readiness.js';

export class Health {
  @ApiProperty({ type: String, enum: ['alive'] })
  status!: 'alive';
}

export class ReadinessState {
  @ApiProperty({ type: String, example: 'database' })
  name!: string;

  @ApiProperty({ type: Boolean })
  ready!: boolean;

  @ApiProperty({ type: String, nullable: true, example: null })
  waitingFor!: string | null;
}

export class ReadinessReport {
  @ApiProperty({ type: String, enum: ['ready', 'waiting'] })
  status!: 'ready' | 'waiting';

  @ApiProperty({ type: [ReadinessState] })
  checks!: ReadinessState[];
}

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(@Inject(Readiness) private readonly readiness: Readiness) {}

  /** Asks nothing of anybody: a process that waits for its database must not be restarted for it. */
  @Public()
  @Get()
  @ApiOperation({ summary: 'Is the process alive?' })
  @ApiOkResponse({ type: Health })
  alive(): Health {
    return { status: 'alive' };
  }

  @Public()
  @Get('ready')
  @ApiOperation({ summary: 'Can requests be served, and if not, what is waited for?' })
  @ApiOkResponse({ type: ReadinessReport })
  @ApiServiceUnavailableResponse({ type: ReadinessReport })
  async ready(@Res({ passthrough: true }) response: Response): Promise<ReadinessReport> {
    const checks = await this.readiness.results();
    const isReady = checks.every((check) => check.ready);
    response.status(isReady ? 200 : 503);
    return { status: isReady ? 'ready' : 'waiting', checks };
  }
}
