import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { CommandBus } from '#event-sourcing/command-bus.js';
import { type AccountId, bucketOf, id } from '#kernel/ids.js';
import { type Answered, recorded } from '#platform/http/answer.js';
import { commandMeta } from '#platform/http/command-meta.js';
import { etagOf } from '#platform/http/etag.js';
import { type Idempotency, Idempotent } from '#platform/http/idempotency.js';
import { ApiProblem } from '#platform/openapi/api-problem.js';
import { restForm } from '#platform/views/rest-form.js';
import { ReleaseAccount } from '../account-hold/release-account.js';
import { accountNotParked } from '../payment/payment.refusals.js';
import { AccountHoldsView, AccountHoldView, accountHold, ParkedAccounts } from '../read-models/payer/parked-accounts.query.js';
import { AccountRelease } from './payments.requests.js';

@ApiTags('Accounts')
@Controller('v1')
export class AccountHoldsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly parked: ParkedAccounts,
  ) {}

  @Get('account-holds')
  @ApiOperation({
    operationId: 'listAccountHolds',
    summary: 'List the accounts whose billing is parked',
    description: 'The 100 that were parked last, and how many there are.',
  })
  @ApiOkResponse({ type: AccountHoldsView })
  async list(): Promise<unknown> {
    const [count, data] = await Promise.all([this.parked.count(), this.parked.newest()]);
    return restForm({ count, data });
  }

  @Post('accounts/:id/release')
  @ApiOperation({
    operationId: 'releaseAccount',
    summary: 'Release a parked account',
    description: 'Its timers are put back, and what was not charged meanwhile is asked for. The reason is kept.',
  })
  @ApiOkResponse({ type: AccountHoldView })
  @ApiProblem(accountNotParked, 'id_invalid')
  async release(
    @Param('id') given: string,
    @Body() body: AccountRelease,
    @Idempotent() idempotency: Idempotency | undefined,
  ): Promise<Answered> {
    const accountId: AccountId = id(given);
    const command = new ReleaseAccount(
      { accountId, reason: body.reason },
      commandMeta({
        idempotency,
        answer: async (sql, { version }) => ({
          status: 200,
          headers: { ETag: etagOf(version) },
          body: restForm((await accountHold(sql, bucketOf(accountId), accountId))!),
          person: accountId,
        }),
      }),
    );
    const { answer, replayed } = await this.commands.execute(command);
    return recorded(answer!, replayed);
  }
}
