import { Injectable } from '@nestjs/common';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import { Database } from '#event-sourcing/sql.js';
import { setAsideTimers } from '#event-sourcing/timers.js';
import { Vocabulary } from '#event-sourcing/vocabulary.js';
import type { SubscriptionId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';

/** A subscription whose billing stands still until it is retried. */
@ApiSchema({ name: 'BillingFailure' })
export class BillingFailureView {
  @ApiProperty({ type: String, format: 'uuid' })
  subscriptionId!: SubscriptionId;

  @ApiProperty({ type: String, format: 'date-time', description: 'When it was to be billed.' })
  dueAt!: Instant;

  @ApiProperty({ type: String, format: 'date-time' })
  setAsideAt!: Instant;

  @ApiProperty({ type: String, description: 'Why it could not be billed.' })
  reason!: string;
}

@ApiSchema({ name: 'BillingFailures' })
export class BillingFailuresView {
  @ApiProperty({ type: 'integer', description: 'How many there are.' })
  count!: number;

  @ApiProperty({ type: [BillingFailureView] })
  data!: BillingFailureView[];
}

const MOST_SHOWN = 100;

@Injectable()
export class BillingFailures {
  constructor(
    private readonly database: Database,
    private readonly vocabulary: Vocabulary,
  ) {}

  /** How many there are, and those that were set aside last, 100 at most. */
  async newest(): Promise<BillingFailuresView> {
    const { count, newest } = await setAsideTimers(this.database, this.vocabulary.billingTimers('subscriptions'), MOST_SHOWN);
    // Of late usage each period has a timer: whose it is, its command says.
    const data = newest.map(({ data: command, dueAt, setAsideAt, reason }): BillingFailureView => {
      const { subscriptionId } = command as { subscriptionId: SubscriptionId };
      return { subscriptionId, dueAt, setAsideAt, reason };
    });
    return { count, data };
  }
}
