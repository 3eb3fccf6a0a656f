import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Answer, Outcome } from '#event-sourcing/command.js';
import { CommandBus } from '#event-sourcing/command-bus.js';
import { testClockAdvancing, testClockUnknown } from '#event-sourcing/refusals.js';
import { Database, type Sql } from '#event-sourcing/sql.js';
import { hashedId, id, newId, type TestClockId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import { Config } from '#platform/config/config.js';
import { type Answered, recorded, resource } from '#platform/http/answer.js';
import { commandMeta } from '#platform/http/command-meta.js';
import { etagOf, expectedVersion, IfMatch } from '#platform/http/etag.js';
import { type Idempotency, Idempotent } from '#platform/http/idempotency.js';
import { type Page, PageRequest, pageOf, pageSchema, pageWindow } from '#platform/http/page.js';
import { ApiProblem } from '#platform/openapi/api-problem.js';
import { rowById, rowsNewestFirst } from '#platform/sql/row-query.js';
import {
  arrived,
  type TestClockRow,
  TestClockView,
  testClockPosition,
  testClockRows,
  testClockView,
} from '../read-models/test-clock/test-clock.query.js';
import { AdvanceTestClock } from '../test-clock/advance-test-clock.js';
import { CreateTestClock } from '../test-clock/create-test-clock.js';
import { testClockNotForward, testClockOutOfRange, testClocksNotLive, testClockTooFar } from '../test-clock/test-clock.refusals.js';
import { Arrivals } from './arrivals.js';
import { CallerGone } from './caller-gone.js';
import { Advance, AdvanceAnswer, NewTestClock } from './test-clocks.requests.js';

const LONGEST_WAIT_MS = 600_000;

@ApiTags('Test clocks')
@Controller('v1/test-clocks')
export class TestClocksController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(Database) private readonly database: Database,
    @Inject(Arrivals) private readonly arrivals: Arrivals,
    @Inject(Config) private readonly config: Config,
  ) {}

  @Post()
  @ApiOperation({
    operationId: 'createTestClock',
    summary: 'Create a test clock',
    description: 'Accounts created with its id as `testClockId` live in its time.',
  })
  @ApiCreatedResponse({ type: TestClockView })
  @ApiProblem(testClocksNotLive, testClockOutOfRange)
  async create(@Body() body: NewTestClock, @Idempotent() idempotency: Idempotency | undefined): Promise<Answered> {
    this.refuseWhenLive();
    // From the key, so that a repeated request meets the clock that it made.
    const testClockId: TestClockId = idempotency ? hashedId(`test-clock/${idempotency.key}`) : newId();
    const meta = commandMeta({ idempotency, answer: shown(201) });
    const outcome = await this.commands.execute(new CreateTestClock({ testClockId, now: instant(body.now, '/now') }, meta));
    return recorded(outcome.answer!, outcome.replayed);
  }

  @Get()
  @ApiOperation({ operationId: 'listTestClocks', summary: 'List test clocks, newest first', description: 'Each with what it shows now.' })
  @ApiOkResponse({ type: pageSchema(TestClockView) })
  @ApiProblem('limit_invalid', 'cursor_invalid')
  async list(@Query() query: PageRequest): Promise<Page<TestClockView>> {
    const window = pageWindow(query, { list: 'test-clocks' });
    const rows = await rowsNewestFirst<TestClockRow>(this.database, testClockRows, {}, window);
    return pageOf(rows, window, testClockPosition, testClockView);
  }

  @Get(':id')
  @ApiOperation({
    operationId: 'getTestClock',
    summary: 'Read a test clock',
    description: 'Poll it after advancing it, until it is `ready`.',
  })
  @ApiOkResponse({ type: TestClockView })
  @ApiProblem(testClockUnknown, 'id_invalid')
  async read(@Param('id') given: string): Promise<Answered> {
    return this.asItIs(id(given, '/id'));
  }

  @Post(':id/advance')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'advanceTestClock',
    summary: 'Advance a test clock',
    description:
      'Everything that falls due for its accounts up to `to` happens, in order of due time and to the end, as if the time had passed. ' +
      'Answers when accepted: poll the clock until it is `ready`, or wait for the answer with `?wait=true`.',
  })
  @ApiOkResponse({ type: TestClockView })
  @ApiProblem(
    testClocksNotLive,
    testClockUnknown,
    testClockAdvancing,
    testClockNotForward,
    testClockTooFar,
    testClockOutOfRange,
    'id_invalid',
  )
  async advance(
    @Param('id') given: string,
    @Body() body: Advance,
    @Query() { wait }: AdvanceAnswer,
    @Idempotent() idempotency: Idempotency | undefined,
    @IfMatch() ifMatch: number | undefined,
    @CallerGone() gone: AbortSignal,
  ): Promise<Answered> {
    this.refuseWhenLive();
    const testClockId: TestClockId = id(given, '/id');
    const meta = commandMeta({ idempotency, expectedVersion: ifMatch, answer: shown(200) });
    const { answer, replayed } = await this.commands.execute(new AdvanceTestClock({ testClockId, to: instant(body.to, '/to') }, meta));
    if (wait !== 'true') return recorded(answer!, replayed);
    // The event after the one that was answered for is the arrival.
    const arrival = expectedVersion(answer!.headers.ETag)! + 1;
    if (!(await this.arrivals.reached(testClockId, arrival, { withinMs: LONGEST_WAIT_MS, gone }))) return this.asItIs(testClockId);
    return recorded({ ...answer!, headers: { ETag: etagOf(arrival) }, body: arrived(answer!.body as TestClockView) }, replayed);
  }

  private async asItIs(testClockId: TestClockId): Promise<Answered> {
    const row = await rowById<TestClockRow>(this.database, testClockRows, testClockId);
    if (!row) throw testClockUnknown(`There is no test clock ${testClockId}.`);
    return resource(testClockView(row), Number(row.version));
  }

  private refuseWhenLive(): void {
    if (/^(sk|rk)_live/.test(this.config.stripe.apiKey ?? '')) throw testClocksNotLive('The payment gateway is a live one.');
  }
}

const shown =
  (status: 200 | 201) =>
  async (sql: Sql, { streamId, version }: Outcome): Promise<Answer> => {
    const row = await rowById<TestClockRow>(sql, testClockRows, streamId);
    const location: Record<string, string> = status === 201 ? { Location: `/v1/test-clocks/${streamId}` } : {};
    return { status, headers: { ETag: etagOf(version), ...location }, body: testClockView(row!) };
  };
