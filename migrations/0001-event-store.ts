import type { MigrationInterface, QueryRunner } from 'typeorm';

const PARTITIONS = 8;

/** The log, and what decides with it in one transaction. Every key begins with the bucket: see docs/decisions. */
export class EventStore1700000000001 implements MigrationInterface {
  name = 'EventStore1700000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create schema es');
    for (const statement of [
      BUCKET,
      EVENT,
      STREAM_STATE,
      ACCOUNT_KEY,
      COMMAND,
      UNIQUE_NAME,
      SERIES,
      TIMER,
      JOB,
      CHECKPOINT,
      TEST_CLOCK,
      REFUSE_CHANGE,
      APPEND,
    ]) {
      await runner.query(statement);
    }
    for (let part = 0; part < PARTITIONS; part += 1) {
      await runner.query(`create table es.event_${part} partition of es.event for values with (modulus ${PARTITIONS}, remainder ${part})`);
      await this.guard(runner, `es.event_${part}`);
    }
    await this.guard(runner, 'es.event');
    await this.guard(runner, 'es.bucket');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema es cascade');
  }

  /** On every partition, since a trigger on the parent alone is passed by through them; ALWAYS, so that replication mode does not switch it off. */
  private async guard(runner: QueryRunner, table: string): Promise<void> {
    const name = table.replace('.', '_');
    if (table !== 'es.event') {
      await runner.query(
        `create trigger ${name}_rows before update or delete on ${table} for each row execute function es.refuse_change()`,
      );
      await runner.query(`alter table ${table} enable always trigger ${name}_rows`);
    }
    await runner.query(
      `create trigger ${name}_truncate before truncate on ${table} for each statement execute function es.refuse_change()`,
    );
    await runner.query(`alter table ${table} enable always trigger ${name}_truncate`);
  }
}

const BUCKET = `
  create table es.bucket (bucket smallint primary key check (bucket between 0 and 255));
  insert into es.bucket select generate_series(0, 255);
  comment on table es.bucket is 'Fixed for ever; rows are only locked, never updated.'`;

const EVENT = `
  create table es.event (
    bucket smallint not null,
    hash_scheme smallint not null,
    schema_version smallint not null,
    pos bigint not null,
    version bigint not null check (version >= 1),
    effective_at timestamptz not null,
    recorded_at timestamptz not null default clock_timestamp(),
    stream_id uuid not null,
    event_id uuid not null,
    account_id uuid,
    causation_id uuid,
    stream_type text not null,
    event_type text not null,
    correlation_id text not null,
    actor text not null,
    origin json,
    payload json not null,
    hash bytea not null check (octet_length(hash) = 32),
    primary key (bucket, pos),
    unique (bucket, stream_id, version),
    check (bucket = get_byte(uuid_send(stream_id), 15))
  ) partition by hash (bucket);
  comment on table es.event is 'The columns of fixed length come first: so they leave no gaps.';
  comment on column es.event.account_id is 'Null where an event is no account''s, as in the catalog.';
  comment on column es.event.origin is 'What stands behind the actor: on whose behalf, by which key, from where, why. Null where nothing does.';
  comment on column es.event.payload is 'json, not jsonb: the chain is computed over the stored text.';
  comment on column es.event.recorded_at is 'For audits only, never for ordering.'`;

const STREAM_STATE = `
  create table es.stream_state (
    bucket smallint not null,
    stream_id uuid not null,
    stream_type text not null,
    version bigint not null,
    hash bytea not null,
    fold_version integer not null,
    account_id uuid,
    state json not null,
    primary key (bucket, stream_id)
  ) with (fillfactor = 80)`;

const ACCOUNT_KEY = `
  create table es.account_key (
    bucket smallint not null,
    account_id uuid not null,
    purpose text not null check (purpose in ('person', 'record')),
    master_key_id text,
    wrapped bytea,
    made_at timestamptz not null default now(),
    erased_at timestamptz,
    primary key (bucket, account_id, purpose),
    check ((wrapped is null) = (erased_at is not null)),
    check ((wrapped is null) = (master_key_id is null))
  );
  create index account_key_by_master on es.account_key (master_key_id) where wrapped is not null;
  comment on table es.account_key is 'What opens the sealed fields of an account. The row of an erased key stays, so that none is made in its place.'`;

const COMMAND = `
  create table es.command (
    bucket smallint not null,
    key text not null,
    request_hash text not null,
    account_id uuid,
    answer json,
    created_at timestamptz not null default now(),
    primary key (bucket, key)
  );
  create index command_of_account on es.command (account_id) where account_id is not null`;

const UNIQUE_NAME = `
  create table es.unique_name (
    bucket smallint not null,
    scope text not null,
    name_hash bytea not null check (octet_length(name_hash) = 32),
    owner uuid not null,
    primary key (bucket, scope, name_hash)
  );
  comment on table es.unique_name is 'The bucket is that of the name, not of its owner. Names are never given back.'`;

const SERIES = `
  create table es.series (
    bucket smallint not null,
    name text not null,
    last bigint not null,
    primary key (bucket, name)
  ) with (fillfactor = 50)`;

const TIMER = `
  create table es.timer (
    bucket smallint not null,
    name text not null,
    stream_id uuid not null,
    due_at timestamptz not null,
    account_id uuid,
    clock_id uuid,
    command text not null,
    data json not null,
    correlation_id text not null,
    causation_id uuid not null,
    set_aside_at timestamptz,
    set_aside_reason text,
    primary key (bucket, stream_id, name)
  );
  create index timer_due on es.timer (bucket, due_at) where clock_id is null and set_aside_at is null;
  create index timer_due_on_clock on es.timer (clock_id, due_at) where clock_id is not null and set_aside_at is null;
  create index timer_of_account on es.timer (account_id) where account_id is not null;
  create index timer_set_aside on es.timer (bucket, set_aside_at) where set_aside_at is not null`;

const JOB = `
  create table es.job (
    bucket smallint not null,
    id uuid not null,
    kind text not null,
    payload json not null,
    state text not null default 'pending' check (state in ('pending', 'leased', 'dead')),
    run_at timestamptz not null default now(),
    account_id uuid,
    clock_id uuid,
    attempt integer not null default 0,
    token bigint not null default 0,
    lease_until timestamptz,
    leased_by text,
    epoch integer not null default 0,
    rung_at timestamptz,
    last_error text,
    created_at timestamptz not null default now(),
    primary key (bucket, id)
  ) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02);
  create index job_due on es.job (run_at) where state = 'pending';
  create index job_leased on es.job (lease_until) where state = 'leased';
  create index job_on_clock on es.job (clock_id) where clock_id is not null`;

const CHECKPOINT = `
  create table es.checkpoint (
    bucket smallint not null,
    reader text not null,
    pos bigint not null default 0,
    failures integer not null default 0,
    last_error text,
    retry_at timestamptz,
    updated_at timestamptz not null default now(),
    primary key (bucket, reader)
  ) with (fillfactor = 50)`;

const TEST_CLOCK = `
  create table es.test_clock (
    bucket smallint not null,
    id uuid not null,
    now timestamptz not null,
    target timestamptz,
    version bigint not null,
    created_at timestamptz not null,
    holder uuid,
    lease_until timestamptz,
    primary key (bucket, id)
  );
  create index test_clock_advancing on es.test_clock (bucket) where target is not null;
  create table es.clocked_stream (
    bucket smallint not null,
    stream_id uuid not null,
    clock_id uuid not null,
    primary key (bucket, stream_id)
  );
  create index clocked_stream_of on es.clocked_stream (clock_id)`;

const REFUSE_CHANGE = `
  create function es.refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception '% on es.% is refused: the log is append-only', tg_op, tg_table_name using errcode = 'ES403';
  end $$`;

/**
 * The only way in. It takes the bucket's lock, checks the end of every continued chain, and gives dense positions. The
 * events of one stream are checked one by one: joins over arrays pay only where there are many streams.
 */
const APPEND = `
  create function es.append(
    p_bucket smallint, p_hash_scheme smallint, p_stream_types text[], p_stream_ids uuid[], p_versions bigint[], p_event_ids uuid[], p_event_types text[],
    p_schema_versions smallint[], p_payloads text[], p_account_ids uuid[], p_correlation_ids text[], p_causation_ids uuid[], p_actors text[],
    p_origins text[], p_effective_at timestamptz[], p_hashes bytea[], p_head_ids uuid[], p_head_versions bigint[], p_head_hashes bytea[]
  ) returns bigint language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
  declare
    heads integer := coalesce(array_length(p_head_ids, 1), 0);
    events integer := coalesce(array_length(p_stream_ids, 1), 0);
    expected bigint := coalesce(p_head_versions[1], 0);
    given bigint;
    last_pos bigint;
    intact boolean;
    gap boolean := false;
  begin
    if events = 0 then
      raise exception 'an append needs events' using errcode = 'ES400';
    end if;
    perform 1 from es.bucket b where b.bucket = p_bucket for update;
    if p_stream_ids[1] = all (p_stream_ids) and p_stream_ids[1] = all (p_head_ids) and heads <= 1 then
      select coalesce((select e.pos from es.event e where e.bucket = p_bucket order by e.pos desc limit 1), 0),
             heads = 0 or exists (select 1 from es.event e where e.bucket = p_bucket and e.stream_id = p_head_ids[1]
                                    and e.version = p_head_versions[1] and e.hash = p_head_hashes[1])
        into last_pos, intact;
      foreach given in array p_versions loop
        expected := expected + 1;
        gap := gap or given is distinct from expected;
      end loop;
    else
      select coalesce((select e.pos from es.event e where e.bucket = p_bucket order by e.pos desc limit 1), 0),
             heads = (select count(*)
                        from unnest(p_head_ids, p_head_versions, p_head_hashes) as h (stream_id, version, hash)
                        join es.event e on e.bucket = p_bucket and e.stream_id = h.stream_id and e.version = h.version and e.hash = h.hash)
        into last_pos, intact;
      gap := exists (
        select 1
          from (select n.stream_id, n.version, lag(n.version) over (partition by n.stream_id order by n.index) as previous
                  from unnest(p_stream_ids, p_versions) with ordinality as n (stream_id, version, index)) as given
          left join unnest(p_head_ids, p_head_versions) as h (stream_id, version) on h.stream_id = given.stream_id
         where given.version is distinct from coalesce(given.previous, h.version, 0) + 1
      );
    end if;
    if not intact then
      raise exception 'a stream is not where the decision saw it' using errcode = 'ES409';
    end if;
    if gap then
      raise exception 'the versions of a stream would leave a gap' using errcode = 'ES400';
    end if;
    if events = 1 then
      insert into es.event (bucket, hash_scheme, pos, stream_type, stream_id, version, event_id, event_type, schema_version, payload, account_id,
                            correlation_id, causation_id, actor, origin, effective_at, hash)
      values (p_bucket, p_hash_scheme, last_pos + 1, p_stream_types[1], p_stream_ids[1], p_versions[1], p_event_ids[1], p_event_types[1],
              p_schema_versions[1], p_payloads[1]::json, p_account_ids[1], p_correlation_ids[1], p_causation_ids[1], p_actors[1], p_origins[1]::json,
              p_effective_at[1], p_hashes[1]);
    else
      insert into es.event (bucket, hash_scheme, pos, stream_type, stream_id, version, event_id, event_type, schema_version, payload, account_id,
                            correlation_id, causation_id, actor, origin, effective_at, hash)
      select p_bucket, p_hash_scheme, last_pos + n.index, n.stream_type, n.stream_id, n.version, n.event_id, n.event_type, n.schema_version,
             n.payload::json, n.account_id, n.correlation_id, n.causation_id, n.actor, n.origin::json, n.effective_at, n.hash
        from unnest(p_stream_types, p_stream_ids, p_versions, p_event_ids, p_event_types, p_schema_versions, p_payloads, p_account_ids,
                    p_correlation_ids, p_causation_ids, p_actors, p_origins, p_effective_at, p_hashes)
             with ordinality as n (stream_type, stream_id, version, event_id, event_type, schema_version, payload, account_id,
                                   correlation_id, causation_id, actor, origin, effective_at, hash, index);
    end if;
    return last_pos + 1;
  end $$`;
