import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Subscriptions1700000000005 implements MigrationInterface {
  name = 'Subscriptions1700000000005';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create schema subscriptions;
      create table subscriptions.account_terms (
        bucket smallint not null,
        id uuid not null,
        currency text not null,
        time_zone text not null,
        closed boolean not null,
        hold_reason text,
        held_since timestamptz,
        primary key (bucket, id)
      );
      create table subscriptions.plan_terms (
        bucket smallint not null,
        id uuid not null,
        plan_version integer not null,
        plan_name text not null,
        active boolean not null,
        interval json not null,
        trial_days integer not null,
        prices json not null,
        primary key (bucket, id)
      );
      create table subscriptions.subscription_details (
        bucket smallint not null,
        id uuid not null,
        version bigint not null,
        account_id uuid not null,
        plan_id uuid not null,
        plan_version integer not null,
        status text not null,
        items json not null,
        currency text not null,
        started_at timestamptz not null,
        current_period_start timestamptz not null,
        current_period_end timestamptz,
        trial_end timestamptz,
        anchor json,
        cancel_at_period_end boolean not null,
        ends_at timestamptz,
        canceled_at timestamptz,
        latest_invoice_id uuid,
        external_id text,
        metadata json not null,
        created_at timestamptz not null,
        primary key (bucket, id)
      ) with (fillfactor = 85);
      create index subscription_details_of_account on subscriptions.subscription_details (bucket, account_id, created_at, id);
      create index subscription_details_external_id on subscriptions.subscription_details (external_id) where external_id is not null;
      create index subscription_details_newest on subscriptions.subscription_details (created_at, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema subscriptions cascade');
  }
}
