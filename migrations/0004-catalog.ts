import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The plans, and every version of them. */
export class Catalog1700000000004 implements MigrationInterface {
  name = 'Catalog1700000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create schema catalog;
      create table catalog.plan_details (
        bucket smallint not null,
        id uuid not null,
        code text not null,
        name text not null,
        plan_version integer not null,
        active boolean not null,
        interval json not null,
        trial_days integer not null,
        prices json not null,
        metadata json not null,
        created_at timestamptz not null,
        published_at timestamptz not null,
        version bigint not null,
        primary key (bucket, id)
      ) with (fillfactor = 80);
      create index plan_details_newest on catalog.plan_details (created_at desc, id desc);
      create table catalog.plan_version (
        bucket smallint not null,
        id uuid not null,
        plan_id uuid not null,
        plan_version integer not null,
        name text not null,
        interval json not null,
        trial_days integer not null,
        prices json not null,
        metadata json not null,
        published_at timestamptz not null,
        primary key (bucket, id)
      );
      create index plan_version_of_plan on catalog.plan_version (bucket, plan_id, plan_version)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema catalog cascade');
  }
}
