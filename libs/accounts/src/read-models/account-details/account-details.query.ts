import { ObjectType } from '@nestjs/graphql';
import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { RowOf } from '#event-sourcing/read-model.js';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, PaymentMethodId, TestClockId } from '#kernel/ids.js';
import type { Instant } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import type { TimeZone } from '#kernel/time-zone.js';
import { connectionOf } from '#platform/graphql/connection.js';
import type { Position } from '#platform/http/page.js';
import { inAnyCase, instantOf, type RowFilters, rowsOf } from '#platform/sql/row-query.js';
import { Attribute } from '#platform/views/attribute.js';
import type { Particulars } from '../../account/account.events.js';
import { PaymentMethodView } from '../payment-method/payment-method.query.js';
import { accountDetails } from './account-details.projection.js';

/** WARNING and BLOCKED are for overdue accounts; no account is either of them yet. */
export const accountStatuses = ['ACTIVE', 'WARNING', 'BLOCKED', 'CLOSED'] as const;
export type AccountStatus = (typeof accountStatuses)[number];

@ObjectType('TaxId')
@ApiSchema({ name: 'TaxId' })
export class TaxIdView {
  @Attribute.text({ example: 'eu_vat' })
  type!: string;

  @Attribute.text({ example: 'DE136695976' })
  value!: string;
}

@ObjectType('Address')
@ApiSchema({ name: 'Address' })
export class AddressView {
  @Attribute.text({ example: '12 St James Square' })
  line1!: string;

  @Attribute.text({ nullable: true })
  line2!: string | null;

  @Attribute.text({ example: 'London' })
  city!: string;

  @Attribute.text({ example: 'SW1Y 4JH' })
  postalCode!: string;

  @Attribute.text({ nullable: true, description: 'State or province.' })
  region!: string | null;
}

export const holdReasons = ['too_many_invoices', 'stray_charge', 'by_hand'] as const;

/** Why the billing of an account stands still: nothing is charged and nothing falls due until a person releases it. */
@ObjectType('Hold')
@ApiSchema({ name: 'Hold' })
export class HoldView {
  @Attribute.oneOf(holdReasons)
  reason!: string;

  @Attribute.instant()
  since!: Instant;
}

/** An account as REST and GraphQL show it. */
@ObjectType('Account')
@ApiSchema({ name: 'Account' })
export class AccountView {
  @Attribute.id()
  id!: AccountId;

  @Attribute.text({ example: 'ada@example.com' })
  email!: string;

  @Attribute.text({ example: 'Ada Lovelace' })
  name!: string;

  @Attribute.object(() => AddressView, { nullable: true, description: "Where invoices are addressed to; the country is the account's." })
  address!: AddressView | null;

  @Attribute.text({ example: 'USD', description: 'ISO 4217.' })
  currency!: Currency;

  @Attribute.text({ example: 'America/New_York' })
  timeZone!: TimeZone;

  @Attribute.text({ nullable: true, example: 'en-US' })
  locale!: string | null;

  @Attribute.text({ nullable: true, example: 'US' })
  country!: string | null;

  @Attribute.text({ nullable: true, example: 'NY' })
  region!: string | null;

  @Attribute.list(() => TaxIdView)
  taxIds!: readonly TaxIdView[];

  @Attribute.flag()
  taxExempt!: boolean;

  @Attribute.text({ nullable: true, example: 'customer-4711', description: "The id that the seller's own system has for the customer." })
  externalId!: string | null;

  @Attribute.metadata()
  metadata!: Readonly<Record<string, string>>;

  @Attribute.oneOf(accountStatuses, { enumName: 'AccountStatus' })
  status!: AccountStatus;

  @Attribute.object(() => HoldView, { nullable: true, description: 'Its billing stands still: nothing is charged until it is released.' })
  hold!: HoldView | null;

  @Attribute.money({ description: 'Credit is positive.' })
  balance!: Money;

  @Attribute.id({ nullable: true, description: 'What invoices are charged to.' })
  defaultPaymentMethodId!: PaymentMethodId | null;

  /** REST answers them with the account; in GraphQL they are a field of their own, read where it is asked for. */
  @ApiProperty({ type: [PaymentMethodView], description: 'Newest first.' })
  paymentMethods?: readonly PaymentMethodView[];

  @Attribute.id({ nullable: true })
  testClockId!: TestClockId | null;

  @Attribute.instant()
  createdAt!: Instant;

  @Attribute.instant({ nullable: true })
  closedAt!: Instant | null;

  @Attribute.instant({ nullable: true, description: 'When the person was erased: what named it is `[erased]` or empty since.' })
  erasedAt!: Instant | null;
}

export const AccountConnection = connectionOf(AccountView, 'Account');

export type AccountRow = RowOf<
  typeof accountDetails,
  {
    id: AccountId;
    address: NonNullable<Particulars['address']>;
    currency: Currency;
    time_zone: TimeZone;
    tax_ids: Particulars['taxIds'];
    metadata: Particulars['metadata'];
    status: AccountStatus;
    default_payment_method_id: PaymentMethodId;
    test_clock_id: TestClockId;
  }
>;

export const accountRows = rowsOf(accountDetails, 'created_at');

export const accountPosition = (row: AccountRow): Position => ({ createdAt: instantOf(row.created_at), id: row.id });

/** Closed accounts are left out of a list unless they are asked for. */
export function accountFilters(filter: {
  readonly email?: string;
  readonly testClockId?: string;
  readonly externalId?: string;
  readonly status?: AccountStatus;
}): RowFilters {
  const { email, testClockId, externalId, status = 'ACTIVE' } = filter;
  return { status, email: email === undefined ? undefined : inAnyCase(email), test_clock_id: testClockId, external_id: externalId };
}

export function accountView(row: AccountRow): AccountView {
  return {
    id: row.id,
    email: row.email,
    name: row.name,
    address: row.address,
    currency: row.currency,
    timeZone: row.time_zone,
    locale: row.locale,
    country: row.country,
    region: row.region,
    taxIds: row.tax_ids,
    taxExempt: row.tax_exempt,
    externalId: row.external_id,
    metadata: row.metadata,
    status: row.status,
    hold: row.hold_reason === null || row.held_since === null ? null : { reason: row.hold_reason, since: instantOf(row.held_since) },
    // No account has credit yet.
    balance: Money.zero(row.currency),
    defaultPaymentMethodId: row.default_payment_method_id,
    testClockId: row.test_clock_id,
    createdAt: instantOf(row.created_at),
    closedAt: instantOf(row.closed_at),
    erasedAt: instantOf(row.erased_at),
  };
}
