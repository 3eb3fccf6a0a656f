import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What finds out about missed events, about differences between the books, and about accounts whose billing looks impossible. */
export class PaymentsReconciliation1700000000009 implements MigrationInterface {
  name = 'PaymentsReconciliation1700000000009';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [UNAPPLIED, GATEWAY_SWEEP, RECONCILIATION, DIFFERENCE, PARKED]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of ['reconciliation_difference', 'reconciliation', 'gateway_sweep']) {
      await runner.query(`drop table payments.${table}`);
    }
    await runner.query(
      'drop index payments.payment_unapplied, payments.payment_settled, payments.collectible_of_account, payments.payer_parked, payments.payment_method_of_customer, payments.payment_method_of_account',
    );
    await runner.query('alter table payments.payment_details drop column unapplied');
    await runner.query('alter table payments.collectible_invoice drop column issued_at, drop column is_withheld, drop column is_admitted');
    await runner.query(
      'alter table payments.payer drop column is_parked, drop column parked_reason, drop column parked_details, drop column parked_at, drop column released_at',
    );
  }
}

/** Rows of before stay as they are: none of them was kept as unapplied, and none was issued within the last day of anything to come. */
const UNAPPLIED = `
  alter table payments.payment_details add column unapplied text;
  create index payment_unapplied on payments.payment_details (settled_at desc, id desc) where unapplied is not null;
  create index payment_settled on payments.payment_details (settled_at, id) where settled_at is not null;
  alter table payments.collectible_invoice add column issued_at timestamptz, add column is_withheld boolean not null default false, add column is_admitted boolean not null default false;
  create index collectible_of_account on payments.collectible_invoice (bucket, account_id, issued_at)`;

const GATEWAY_SWEEP = `
  create table payments.gateway_sweep (
    bucket smallint not null,
    id uuid not null,
    gateway text not null,
    swept_to timestamptz not null,
    swept_at timestamptz not null default now(),
    primary key (bucket, id)
  );
  comment on table payments.gateway_sweep is 'How far the gateway''s list of events was read: all before it is in the inbox.'`;

const RECONCILIATION = `
  create table payments.reconciliation (
    bucket smallint not null,
    id uuid not null,
    gateway text not null,
    from_at timestamptz not null,
    to_at timestamptz not null,
    started_at timestamptz not null,
    finished_at timestamptz not null default now(),
    compared bigint not null,
    differences bigint not null,
    primary key (bucket, id)
  )`;

const DIFFERENCE = `
  create table payments.reconciliation_difference (
    bucket smallint not null,
    id uuid not null,
    gateway text not null,
    object_id text not null,
    intent_id text,
    payment_id uuid,
    kind text not null check (kind in ('unknown_at_us', 'unknown_at_gateway', 'amount_differs', 'pending')),
    explanation text not null,
    gateway_amount bigint,
    payment_amount bigint,
    ledger_amount bigint,
    currency text,
    found_at timestamptz not null default now(),
    resolved_at timestamptz,
    primary key (bucket, id)
  );
  create index difference_open on payments.reconciliation_difference (found_at desc) where resolved_at is null;
  comment on table payments.reconciliation_difference is 'Where gateway, payments and ledger do not say the same; one row for each thing.'`;

/** Nobody was parked before. */
const PARKED = `
  alter table payments.payer
    add column is_parked boolean not null default false,
    add column parked_reason text,
    add column parked_details text,
    add column parked_at timestamptz,
    add column released_at timestamptz;
  create index payer_parked on payments.payer (parked_at desc, id desc) where is_parked;
  create index payment_method_of_customer on payments.payment_method (gateway, customer_id);
  create index payment_method_of_account on payments.payment_method (bucket, account_id, added_in)`;
