import { ObjectType } from '@nestjs/graphql';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { AccountId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { instantOf, type Queryable } from '#platform/sql/row-query.js';
import { Attribute } from '#platform/views/attribute.js';

const parkReasons = ['too_many_invoices', 'stray_charge', 'by_hand'] as const;

/** The billing of an account, as far as it may go on by itself. */
@ObjectType('AccountHold')
@ApiSchema({ name: 'AccountHold' })
export class AccountHoldView {
  @Attribute.id()
  accountId!: AccountId;

  @Attribute.flag({ description: 'Nothing is charged, and nothing falls due, until it is released.' })
  isParked!: boolean;

  @Attribute.oneOf(parkReasons, { nullable: true, description: 'Of the last time that it was parked.' })
  reason!: string | null;

  @Attribute.text({ nullable: true, example: 'pi_1: USD 29.00 (payment_outcome_foreign)' })
  details!: string | null;

  @Attribute.instant({ nullable: true })
  parkedAt!: Instant | null;

  @Attribute.instant({ nullable: true })
  releasedAt!: Instant | null;
}

@ApiSchema({ name: 'AccountHolds' })
export class AccountHoldsView {
  @ApiProperty({ type: 'integer', description: 'How many there are.' })
  count!: number;

  @ApiProperty({ type: [AccountHoldView], description: 'Those that were parked last.' })
  data!: readonly AccountHoldView[];
}

interface HoldRow {
  id: AccountId;
  is_parked: boolean;
  parked_reason: string | null;
  parked_details: string | null;
  parked_at: Date | null;
  released_at: Date | null;
}

const COLUMNS = 'id, is_parked, parked_reason, parked_details, parked_at, released_at';
const MOST_SHOWN = 100;

/** The accounts whose billing stands still: for people, health details and metrics. */
export class ParkedAccounts {
  constructor(private readonly database: Queryable) {}

  async count(): Promise<number> {
    const [row] = await this.database.query<{ count: number }>(`select count(*)::integer as count from payments.payer where is_parked`);
    return row!.count;
  }

  /** Those that were parked last, 100 at most. */
  async newest(): Promise<AccountHoldView[]> {
    const rows = await this.database.query<HoldRow>(
      `select ${COLUMNS} from payments.payer where is_parked order by parked_at desc, id desc limit ${MOST_SHOWN}`,
    );
    return rows.map(holdView);
  }
}

export async function accountHold(sql: Queryable, bucket: number, accountId: AccountId): Promise<AccountHoldView | undefined> {
  const rows = await sql.query<HoldRow>(`select ${COLUMNS} from payments.payer where bucket = $1::smallint and id = $2::uuid`, [
    bucket,
    accountId,
  ]);
  return rows.map(holdView)[0];
}

function holdView(row: HoldRow): AccountHoldView {
  return {
    accountId: row.id,
    isParked: row.is_parked,
    reason: row.parked_reason,
    details: row.parked_details,
    parkedAt: instantOf(row.parked_at),
    releasedAt: instantOf(row.released_at),
  };
}
