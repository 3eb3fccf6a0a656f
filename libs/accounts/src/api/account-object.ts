import { Field, ID, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, PaymentMethodId, TestClockId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import type { TimeZone } from '#kernel/time-zone.js';
import { InstantText } from '#platform/graphql/scalars.js';
import type { TaxId } from '../account/account.events.js';
import type { AccountStatus } from '../read-models/account-details/account-details.js';

/** WARNING and BLOCKED are for overdue accounts; no account is either of them yet. */
const AccountStatusValues = { ACTIVE: 'ACTIVE', WARNING: 'WARNING', BLOCKED: 'BLOCKED', CLOSED: 'CLOSED' } as const;
registerEnumType(AccountStatusValues, { name: 'AccountStatus' });

@ObjectType('TaxId')
export class TaxIdObject {
  @Field(() => String)
  type!: string;

  @Field(() => String)
  value!: string;
}

@ObjectType('PaymentMethod')
export class PaymentMethodObject {
  @Field(() => ID)
  id!: PaymentMethodId;

  @Field(() => String)
  type!: string;

  @Field(() => String, { nullable: true })
  brand!: string | null;

  @Field(() => String, { nullable: true })
  last4!: string | null;

  @Field(() => Int, { nullable: true })
  expMonth!: number | null;

  @Field(() => Int, { nullable: true })
  expYear!: number | null;

  @Field(() => Boolean)
  isDefault!: boolean;

  @Field(() => InstantText)
  createdAt!: Instant;
}

/** Other contexts add fields of theirs with `@Resolver(() => AccountObject)`; their parent has all that stands here. */
@ObjectType('Account')
export class AccountObject {
  @Field(() => ID)
  id!: AccountId;

  @Field(() => String)
  email!: string;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'ISO 4217.' })
  currency!: Currency;

  @Field(() => String)
  timeZone!: TimeZone;

  @Field(() => String, { nullable: true })
  locale!: string | null;

  @Field(() => String, { nullable: true })
  country!: string | null;

  @Field(() => String, { nullable: true })
  region!: string | null;

  @Field(() => [TaxIdObject])
  taxIds!: readonly TaxId[];

  @Field(() => Boolean)
  taxExempt!: boolean;

  @Field(() => AccountStatusValues)
  status!: AccountStatus;

  @Field(() => ID, { nullable: true })
  testClockId!: TestClockId | null;

  @Field(() => InstantText)
  createdAt!: Instant;

  @Field(() => InstantText, { nullable: true })
  closedAt!: Instant | null;
}
