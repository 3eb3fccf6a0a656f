export interface SchemaRule {
  readonly sentence: string;
  /** Answers one row with a text `found` for everything that breaks the rule. */
  readonly query: string;
  /** Statements each of which breaks the rule: they prove that the query can find something. */
  readonly badExamples: readonly string[];
}

const ours = (schema: string): string => `${schema} !~ '^(pg_|information_schema$)'`;

/** Tables that belong to no account, and why their keys may do without a bucket. */
const WITHOUT_BUCKET: Readonly<Record<string, string>> = {
  'platform.api_key': 'a key is looked up by itself, before any account is known',
  'public.migrations': 'kept by TypeORM, written by the migration step only',
};
const withoutBucket = Object.keys(WITHOUT_BUCKET)
  .map((table) => `'${table}'`)
  .join(', ');

const indexes = `
  select n.nspname || '.' || c.relname as table_name, i.relname as index_name, x.indisprimary as is_primary,
         (select a.attname from pg_attribute a where a.attrelid = c.oid and a.attnum = x.indkey[0]) as first_column
    from pg_index x
    join pg_class c on c.oid = x.indrelid
    join pg_class i on i.oid = x.indexrelid
    join pg_namespace n on n.oid = c.relnamespace
   where x.indisunique and c.relkind in ('r', 'p') and ${ours('n.nspname')}`;

/** What a machine more, a restore or a failover would break: each rule keeps the way to many machines open. */
export const schemaRules: readonly SchemaRule[] = [
  {
    // The rows of a partitioned table are in its parts.
    sentence: 'Every table has a primary key',
    query: `select n.nspname || '.' || c.relname as found from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'r' and ${ours('n.nspname')} and not exists (select from pg_index x where x.indrelid = c.oid and x.indisprimary)`,
    badExamples: ['create table es.keyless (bucket smallint)'],
  },
  {
    sentence: 'Every primary key and every unique index begins with the bucket',
    query: `select table_name || ': ' || index_name as found from (${indexes}) as keys
             where first_column is distinct from 'bucket' and table_name not in (${withoutBucket})`,
    badExamples: [
      'create table es.global (id uuid primary key, bucket smallint)',
      'create table es.global (bucket smallint, id uuid, email text, primary key (bucket, id), unique (email))',
      'create table es.global (bucket smallint, id uuid, email text, primary key (bucket, id)); create unique index on es.global (lower(email))',
    ],
  },
  {
    sentence: 'No foreign key ties two tables',
    query: `select conrelid::regclass || ': ' || conname as found from pg_constraint where contype = 'f'`,
    badExamples: ['create table es.tied (bucket smallint primary key references es.bucket (bucket))'],
  },
  {
    sentence: 'No sequence and no identity gives order or ids',
    query: `select n.nspname || '.' || c.relname as found from pg_class c join pg_namespace n on n.oid = c.relnamespace
             where c.relkind = 'S' and ${ours('n.nspname')} and n.nspname || '.' || c.relname <> 'public.migrations_id_seq'`,
    badExamples: [
      'create sequence es.next',
      'create table es.numbered (bucket smallint, id bigserial, primary key (bucket, id))',
      'create table es.numbered (bucket smallint, id bigint generated always as identity, primary key (bucket, id))',
    ],
  },
  {
    sentence: 'No function notifies, takes an advisory lock, or looks at transaction ids',
    query: `select n.nspname || '.' || p.proname as found from pg_proc p join pg_namespace n on n.oid = p.pronamespace
             where ${ours('n.nspname')}
               and p.prosrc ~* '\\m(notify|pg_notify|listen|pg_(try_)?advisory\\w*|txid_\\w+|pg_current_\\w*xact_id\\w*|pg_snapshot_\\w+|pg_current_snapshot|xmin|xmax)\\M'`,
    badExamples: [
      `create function es.ring() returns void language plpgsql as $$ begin notify appended; end $$`,
      `create function es.ring() returns void language sql as $$ select pg_notify('a', 'b') $$`,
      `create function es.only() returns void language sql as $$ select pg_advisory_xact_lock(1) $$`,
      `create function es.seen() returns xid8 language sql as $$ select pg_current_xact_id() $$`,
    ],
  },
  {
    sentence: 'No column holds a float or the type money',
    query: `select attrelid::regclass || '.' || attname as found from pg_attribute a join pg_class c on c.oid = a.attrelid
              join pg_namespace n on n.oid = c.relnamespace
             where ${ours('n.nspname')} and c.relkind in ('r', 'p', 'v', 'm') and attnum > 0
               and atttypid in ('real'::regtype, 'double precision'::regtype, 'money'::regtype)`,
    badExamples: [
      'alter table es.timer add column price double precision',
      'alter table es.timer add column price real',
      'alter table es.timer add column price money',
    ],
  },
  {
    sentence: 'Every amount is a bigint in minor units, beside its currency',
    query: `select attrelid::regclass || '.' || attname as found from pg_attribute a join pg_class c on c.oid = a.attrelid
              join pg_namespace n on n.oid = c.relnamespace
             where ${ours('n.nspname')} and c.relkind in ('r', 'p') and attnum > 0 and not attisdropped and attname ~ '(^|_)amount$'
               and (atttypid <> 'bigint'::regtype
                    or not exists (select from pg_attribute o where o.attrelid = c.oid and o.attname = 'currency' and not o.attisdropped))`,
    badExamples: ['alter table ledger.posting add column tax_amount numeric', 'alter table es.timer add column amount bigint'],
  },
  {
    sentence: 'Every moment is stored with its time zone',
    query: `select attrelid::regclass || '.' || attname as found from pg_attribute a join pg_class c on c.oid = a.attrelid
              join pg_namespace n on n.oid = c.relnamespace
             where ${ours('n.nspname')} and c.relkind in ('r', 'p') and attnum > 0
               and atttypid in ('timestamp'::regtype, 'time'::regtype, 'timetz'::regtype)`,
    badExamples: ['alter table es.timer add column seen_at timestamp'],
  },
  {
    sentence: 'Every partition of the log refuses update, delete and truncate, in replication mode too',
    // tgtype: 1 for each row, 2 before, 8 delete, 16 update, 32 truncate.
    query: `select p.oid::regclass || ' lacks ' || wanted.name as found
              from pg_inherits h join pg_class p on p.oid = h.inhrelid
             cross join (values ('update and delete', 1 | 2 | 8 | 16), ('truncate', 2 | 32)) as wanted (name, bits)
             where h.inhparent = 'es.event'::regclass
               and not exists (select from pg_trigger t join pg_proc f on f.oid = t.tgfoid
                                where t.tgrelid = p.oid and t.tgenabled = 'A' and t.tgtype & wanted.bits = wanted.bits
                                  and t.tgqual is null and f.proname = 'refuse_change')`,
    badExamples: [
      'alter table es.event_3 enable trigger es_event_3_rows',
      'alter table es.event_7 disable trigger es_event_7_truncate',
      'drop trigger es_event_0_rows on es.event_0',
    ],
  },
  {
    sentence: 'The application reads the log, and writes to it through the append function only',
    query: `select c.oid::regclass || ': ' || privilege as found
              from pg_class c cross join unnest(array['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'REFERENCES']) as privilege
             where (c.oid = 'es.event'::regclass or c.oid in (select inhrelid from pg_inherits where inhparent = 'es.event'::regclass))
               and has_table_privilege('perennial_app', c.oid, privilege)`,
    badExamples: ['grant insert on es.event_2 to perennial_app', 'grant truncate on es.event to public'],
  },
];
