import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Invoicing1700000000006 implements MigrationInterface {
  name = 'Invoicing1700000000006';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create schema invoicing;
      create table invoicing.billing_terms (
        bucket smallint not null,
        id uuid not null,
        currency text not null,
        time_zone text not null,
        number_prefix text not null,
        days_until_due integer not null,
        particulars_version integer not null,
        test_clock_id uuid,
        closed boolean not null,
        primary key (bucket, id)
      );
      create table invoicing.invoice_details (
        bucket smallint not null,
        id uuid not null,
        version bigint not null,
        number text,
        kind text not null,
        cause text not null,
        account_id uuid not null,
        subscription_id uuid,
        status text not null,
        currency text not null,
        bill_to json not null,
        subtotal_amount bigint not null,
        discount_amount bigint not null,
        tax_amount bigint not null,
        taxes json not null,
        total_amount bigint not null,
        credit_applied_amount bigint not null,
        due_amount bigint not null,
        paid_amount bigint not null,
        created_at timestamptz not null,
        issued_at timestamptz,
        due_at timestamptz,
        paid_at timestamptz,
        supplements uuid,
        corrects uuid,
        lines json not null,
        primary key (bucket, id)
      ) with (fillfactor = 85);
      create index invoice_details_of_account on invoicing.invoice_details (bucket, account_id, created_at, id);
      create index invoice_details_of_subscription on invoicing.invoice_details (bucket, subscription_id, created_at, id);
      create index invoice_details_number on invoicing.invoice_details (number);
      create index invoice_details_newest on invoicing.invoice_details (created_at, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema invoicing cascade');
  }
}
