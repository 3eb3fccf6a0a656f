import { EntitySchema } from 'typeorm';
import type { AccountId, PaymentMethodId } from '#kernel/ids.js';
import { fromEpochMs, type Instant } from '#kernel/instant.js';

/** A row as it is stored: the same whether TypeORM or a running transaction has read it. */
export interface PaymentMethodRow {
  readonly bucket: number;
  readonly id: PaymentMethodId;
  readonly account_id: AccountId;
  readonly type: string;
  readonly brand: string | null;
  readonly last4: string | null;
  readonly exp_month: number | null;
  readonly exp_year: number | null;
  readonly added_at: Date;
}

/** The table `accounts.payment_method`, for TypeORM's queries; the projection writes it. */
export const PaymentMethodTable = new EntitySchema<PaymentMethodRow>({
  name: 'PaymentMethod',
  schema: 'accounts',
  tableName: 'payment_method',
  columns: {
    bucket: { type: 'smallint', primary: true },
    id: { type: 'uuid', primary: true },
    account_id: { type: 'uuid' },
    type: { type: 'text' },
    brand: { type: 'text', nullable: true },
    last4: { type: 'text', nullable: true },
    exp_month: { type: 'smallint', nullable: true },
    exp_year: { type: 'smallint', nullable: true },
    added_at: { type: 'timestamptz' },
  },
});

/** A payment method as it is shown: the gateway keeps the number, we keep what a customer knows it by. */
export interface PaymentMethod {
  readonly id: PaymentMethodId;
  readonly type: string;
  readonly brand: string | null;
  readonly last4: string | null;
  readonly expMonth: number | null;
  readonly expYear: number | null;
  readonly isDefault: boolean;
  readonly createdAt: Instant;
}

export function paymentMethodOf(row: PaymentMethodRow, defaultId: PaymentMethodId | null): PaymentMethod {
  const { id, type, brand, last4 } = row;
  return {
    ...{ id, type, brand, last4 },
    expMonth: row.exp_month,
    expYear: row.exp_year,
    isDefault: id === defaultId,
    createdAt: fromEpochMs(row.added_at.getTime()),
  };
}
