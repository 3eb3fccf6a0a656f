import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What the accounts are now, and how they pay. */
export class Accounts1700000000003 implements MigrationInterface {
  name = 'Accounts1700000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create schema accounts;
      create table accounts.account_details (
        bucket smallint not null,
        id uuid not null,
        email text not null,
        name text not null,
        address json,
        currency text not null,
        time_zone text not null,
        locale text,
        country text,
        region text,
        tax_ids json not null,
        tax_exempt boolean not null,
        metadata json not null,
        external_id text,
        status text not null,
        default_payment_method_id uuid,
        test_clock_id uuid,
        created_at timestamptz not null,
        closed_at timestamptz,
        erased_at timestamptz,
        hold_reason text,
        held_since timestamptz,
        version bigint not null,
        primary key (bucket, id)
      ) with (fillfactor = 80);
      create index account_details_newest on accounts.account_details (status, created_at desc, id desc);
      create index account_details_email on accounts.account_details (lower(email), created_at desc, id desc);
      create index account_details_external_id on accounts.account_details (external_id) where external_id is not null;
      create index account_details_clock on accounts.account_details (test_clock_id, created_at desc, id desc) where test_clock_id is not null;
      create table accounts.payment_method (
        bucket smallint not null,
        id uuid not null,
        account_id uuid not null,
        type text not null,
        brand text,
        last4 text,
        exp_month smallint,
        exp_year smallint,
        added_at timestamptz not null,
        primary key (bucket, id)
      );
      create index payment_method_of_account on accounts.payment_method (bucket, account_id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema accounts cascade');
  }
}
