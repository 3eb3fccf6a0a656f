import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Events are kept in tables of half a year of UTC each, by the time they came in, so that what is too old is dropped as a whole and a
 * key is looked for in few of them. The application may neither make nor drop a table: it asks for both here, where the limits are.
 * What a test clock calls the time has no part in it.
 */
const EVENT_TABLES = `
      create function metering.keep_event_tables(oldest timestamptz) returns table (change text, name text)
      language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
      declare
        half_year timestamp := date_trunc('year', now() at time zone 'UTC');
        part record;
      begin
        -- One at a time, while usage comes in.
        lock table metering.event in share update exclusive mode;
        -- Ahead by more than a year, so that a worker may be away for long.
        while half_year < (now() at time zone 'UTC') + interval '18 months' loop
          change := 'added';
          name := to_char(half_year, '"event_"YYYY"_h"') || case extract(month from half_year) when 1 then 1 else 2 end;
          if to_regclass('metering.' || name) is null then
            -- Made aside and then attached, which lets usage come in meanwhile.
            execute format('create table metering.%I (like metering.event including all)', name);
            execute format('alter table metering.%I add primary key (bucket, subscription_id, idempotency_key)', name);
            execute format('alter table metering.event attach partition metering.%I for values from (%L) to (%L)',
              name, half_year at time zone 'UTC', (half_year + interval '6 months') at time zone 'UTC');
            execute format('grant select, insert, update, delete on metering.%I to perennial_app', name);
            return next;
          end if;
          half_year := half_year + interval '6 months';
        end loop;
        for part in
          select c.relname, (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \\(''([^'']+)''\\)'))[1]::timestamptz as until
            from pg_inherits i join pg_class c on c.oid = i.inhrelid
           where i.inhparent = 'metering.event'::regclass
        loop
          -- Within 400 days a key is still known: see usage-store.ts.
          if part.until <= least(oldest, now() - interval '400 days') then
            execute format('drop table metering.%I', part.relname);
            change := 'dropped';
            name := part.relname;
            return next;
          end if;
        end loop;
      end $$;`;

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
        idempotency_key text collate "C" not null,
        metric text not null,
        quantity numeric not null,
        at timestamptz not null,
        properties json not null,
        received_at timestamptz not null default now()
      ) partition by range (received_at);
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
        quantity numeric not null,
        charged_events bigint not null,
        charged_quantity numeric not null,
        minimum_events bigint not null,
        maximum_events bigint not null,
        primary key (bucket, subscription_id, fee, start)
      ) with (fillfactor = 70);
      ${EVENT_TABLES}
      select metering.keep_event_tables('-infinity');`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema metering cascade');
  }
}
