import { EntitySchema } from 'typeorm';
import type { Currency } from '#kernel/currency.js';
import type { AccountId, PaymentMethodId, TestClockId } from '#kernel/ids.js';
import { fromEpochMs, type Instant } from '#kernel/instant.js';
import type { TimeZone } from '#kernel/time-zone.js';
import type { Particulars } from '../../account/account.events.js';

/** A row as it is stored: the same whether TypeORM or a running transaction has read it. */
export interface AccountRow {
  readonly bucket: number;
  readonly id: AccountId;
  readonly email: string;
  readonly name: string;
  readonly currency: Currency;
  readonly time_zone: TimeZone;
  readonly locale: string | null;
  readonly country: string | null;
  readonly region: string | null;
  readonly tax_ids: Particulars['taxIds'];
  readonly tax_exempt: boolean;
  readonly metadata: Particulars['metadata'];
  readonly status: AccountStatus;
  readonly default_payment_method_id: PaymentMethodId | null;
  readonly gateway_customer_id: string | null;
  readonly test_clock_id: TestClockId | null;
  readonly created_at: Date;
  readonly closed_at: Date | null;
  readonly version: string;
}

export const accountStatuses = ['ACTIVE', 'CLOSED'] as const;
export type AccountStatus = (typeof accountStatuses)[number];

/** The table `accounts.account_details`, for TypeORM's queries; the projection writes it. */
export const AccountDetailsTable = new EntitySchema<AccountRow>({
  name: 'AccountDetails',
  schema: 'accounts',
  tableName: 'account_details',
  columns: {
    bucket: { type: 'smallint', primary: true },
    id: { type: 'uuid', primary: true },
    email: { type: 'text' },
    name: { type: 'text' },
    currency: { type: 'text' },
    time_zone: { type: 'text' },
    locale: { type: 'text', nullable: true },
    country: { type: 'text', nullable: true },
    region: { type: 'text', nullable: true },
    tax_ids: { type: 'json' },
    tax_exempt: { type: 'boolean' },
    metadata: { type: 'json' },
    status: { type: 'text' },
    default_payment_method_id: { type: 'uuid', nullable: true },
    gateway_customer_id: { type: 'text', nullable: true },
    test_clock_id: { type: 'uuid', nullable: true },
    created_at: { type: 'timestamptz' },
    closed_at: { type: 'timestamptz', nullable: true },
    version: { type: 'bigint' },
  },
});

/** An account as it is shown. */
export interface AccountDetails extends Particulars {
  readonly id: AccountId;
  readonly currency: Currency;
  readonly status: AccountStatus;
  readonly defaultPaymentMethodId: PaymentMethodId | null;
  /** For the gateway only, never shown. */
  readonly gatewayCustomerId: string | null;
  readonly testClockId: TestClockId | null;
  readonly createdAt: Instant;
  readonly closedAt: Instant | null;
  /** The version of its stream: the ETag. */
  readonly version: number;
}

export function accountDetailsOf(row: AccountRow): AccountDetails {
  const { id, email, name, currency, locale, country, region, metadata, status } = row;
  return {
    ...{ id, email, name, currency, locale, country, region, metadata, status },
    timeZone: row.time_zone,
    taxIds: row.tax_ids,
    taxExempt: row.tax_exempt,
    defaultPaymentMethodId: row.default_payment_method_id,
    gatewayCustomerId: row.gateway_customer_id,
    testClockId: row.test_clock_id,
    createdAt: fromEpochMs(row.created_at.getTime()),
    closedAt: row.closed_at && fromEpochMs(row.closed_at.getTime()),
    version: Number(row.version),
  };
}
