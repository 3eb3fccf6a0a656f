import type { MigrationInterface, QueryRunner } from 'typeorm';

const FIRST_YEAR = 2024;
const LAST_YEAR = 2037;

/** Usage is kept beside the log: what is billed of it is recorded by the events that bill it. */
export class Metering1700000000010 implements MigrationInterface {
  name = 'Metering1700000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create schema metering;
      create table metering.subscription (
        bucket smallint not null,
        id uuid not null,
        account_id uuid not null,
        currency text not null,
        time_zone text not null,
        interval json not null,
        prices json not null,
        started_at timestamptz not null,
        trial_end timestamptz,
        anchor json,
        ends_at timestamptz,
        primary key (bucket, id)
      );
      create table metering.frontier (
        bucket smallint not null,
        subscription_id uuid not null,
        closed_until timestamptz not null,
        primary key (bucket, subscription_id)
      ) with (fillfactor = 70);
      create table metering.event (
        bucket smallint not null,
        subscription_id uuid not null,
        idempotency_key text not null,
        metric text not null,
        quantity numeric not null,
        at timestamptz not null,
        properties json not null,
        received_at timestamptz not null default now(),
        primary key (bucket, subscription_id, idempotency_key, at)
      ) partition by range (at);
      create table metering.total (
        bucket smallint not null,
        subscription_id uuid not null,
        meter text not null,
        span text not null check (span in ('hour', 'day', 'period')),
        start timestamptz not null,
        events bigint not null,
        quantity numeric not null,
        last_at timestamptz not null,
        primary key (bucket, subscription_id, meter, span, start)
      ) with (fillfactor = 70);
      create table metering.distinct_value (
        bucket smallint not null,
        subscription_id uuid not null,
        meter text not null,
        span text not null,
        start timestamptz not null,
        value text not null,
        primary key (bucket, subscription_id, meter, span, start, value)
      );
      create table metering.fee_total (
        bucket smallint not null,
        subscription_id uuid not null,
        fee text not null,
        start timestamptz not null,
        events bigint not null,
        amount numeric not null,
        charged_events bigint not null,
        charged_amount numeric not null,
        minimum_events bigint not null,
        maximum_events bigint not null,
        primary key (bucket, subscription_id, fee, start)
      ) with (fillfactor = 70);
      create table metering.event_other partition of metering.event default`);
    for (const { name, from, to } of months()) {
      await runner.query(`create table metering.event_${name} partition of metering.event for values from ('${from}') to ('${to}')`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema metering cascade');
  }
}

/** Months of UTC, so that what is too old to be asked for is dropped as a whole. */
function months(): { name: string; from: string; to: string }[] {
  const count = (LAST_YEAR - FIRST_YEAR + 1) * 12;
  const first = (index: number) => new Date(Date.UTC(FIRST_YEAR, index, 1)).toISOString();
  return Array.from({ length: count }, (_, index) => ({
    name: first(index).slice(0, 7).replace('-', '_'),
    from: first(index),
    to: first(index + 1),
  }));
}
