import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiServiceUnavailableResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../auth/auth.guard.js';
import { EdgeProblem, edgeProblems } from '../http/edge-problem.js';
import { CurrentRequest, RequestContext } from '../http/request-context.js';
import { Concerns } from './concerns.js';
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

export class ConcernShown {
  @ApiProperty({ type: String, example: 'parked_accounts' })
  name!: string;

  @ApiProperty({ type: String })
  description!: string;

  @ApiProperty({ type: Number, example: 0 })
  count!: number;

  @ApiProperty({ type: [Object], description: 'The first of them.' })
  shown!: readonly object[];
}

export class HealthDetails extends ReadinessReport {
  @ApiProperty({ type: [ConcernShown], description: 'What a person has to look at. None of it makes a process unready.' })
  concerns!: readonly ConcernShown[];
}

@ApiTags('Health')
@Controller('health')
export class HealthController {
  constructor(
    @Inject(Readiness) private readonly readiness: Readiness,
    @Inject(Concerns) private readonly concerns: Concerns,
  ) {}

  /** Asks nothing of anybody: a process that waits for its database must not be restarted for it. */
  @Public()
  @Get()
  @ApiOperation({
    operationId: 'readHealth',
    summary: 'Is the process alive?',
    description:
      'Answers as long as the process runs and looks at nothing else, so that one that waits for its database is not restarted for it.',
  })
  @ApiOkResponse({ type: Health })
  alive(): Health {
    return { status: 'alive' };
  }

  @Public()
  @Get('ready')
  @ApiOperation({
    operationId: 'readReadiness',
    summary: 'Can requests be served, and if not, what is waited for?',
    description: 'For load balancers: 503 until everything is there that requests need, with what is waited for.',
  })
  @ApiOkResponse({ type: ReadinessReport })
  @ApiServiceUnavailableResponse({ type: ReadinessReport })
  async ready(@Res({ passthrough: true }) response: Response): Promise<ReadinessReport> {
    const report = await this.report();
    if (report.status !== 'ready') response.status(503).setHeader('Retry-After', '5');
    return report;
  }

  @Get('details')
  @Header('Cache-Control', 'no-store')
  @ApiOperation({
    operationId: 'readHealthDetails',
    summary: 'What is waited for, and what a person has to look at',
    description: 'For a Super Admin. Parked accounts, readers that stand still: nothing that keeps requests from being served.',
  })
  @ApiOkResponse({ type: HealthDetails })
  async details(@CurrentRequest() { actor }: RequestContext): Promise<HealthDetails> {
    if (actor.role !== 'super_admin') throw new EdgeProblem(edgeProblems.forbidden, 'The details are shown to a Super Admin only.');
    const [report, concerns] = await Promise.all([this.report(), this.concerns.found()]);
    return { ...report, concerns };
  }

  private async report(): Promise<ReadinessReport> {
    const checks = await this.readiness.results();
    return { status: checks.every((check) => check.ready) ? 'ready' : 'waiting', checks };
  }
}
