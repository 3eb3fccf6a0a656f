import type { MigrationInterface, QueryRunner } from 'typeorm';

export class Payments1700000000007 implements MigrationInterface {
  name = 'Payments1700000000007';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create schema payments');
    for (const statement of [PAYER, PAYMENT_METHOD, COLLECTIBLE_INVOICE, PAYMENT_DETAILS, GATEWAY_EVENT, STRAY_CHARGE])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema payments cascade');
  }
}

const PAYER = `
  create table payments.payer (
    bucket smallint not null,
    id uuid not null,
    default_method_id uuid,
    primary key (bucket, id)
  )`;

const PAYMENT_METHOD = `
  create table payments.payment_method (
    bucket smallint not null,
    id uuid not null,
    account_id uuid not null,
    gateway text not null,
    customer_id text not null,
    method_id text not null,
    added_in bigint not null,
    is_attached boolean not null,
    primary key (bucket, id)
  )`;

const COLLECTIBLE_INVOICE = `
  create table payments.collectible_invoice (
    bucket smallint not null,
    id uuid not null,
    account_id uuid not null,
    due_amount bigint not null,
    currency text not null,
    is_open boolean not null,
    attempts integer not null,
    open_payment_id uuid,
    primary key (bucket, id)
  ) with (fillfactor = 80)`;

const PAYMENT_DETAILS = `
  create table payments.payment_details (
    bucket smallint not null,
    id uuid not null,
    invoice_id uuid not null,
    account_id uuid not null,
    attempt integer not null,
    status text not null check (status in ('pending', 'processing', 'unknown', 'succeeded', 'failed', 'refunded', 'partially_refunded')),
    amount bigint not null,
    currency text not null,
    gateway text not null,
    intent_id text,
    charge_id text,
    failure_code text,
    failure_message text,
    created_at timestamptz not null,
    settled_at timestamptz,
    version bigint not null,
    primary key (bucket, id)
  ) with (fillfactor = 80);
  create unique index payment_open_attempt on payments.payment_details (bucket, invoice_id) where status in ('pending', 'processing', 'unknown');
  comment on index payments.payment_open_attempt is 'At most one attempt of an invoice may move money: the last guard against charging twice.';
  create index payment_of_invoice on payments.payment_details (bucket, invoice_id, created_at desc, id desc);
  create index payment_of_account on payments.payment_details (bucket, account_id, created_at desc, id desc);
  create index payment_by_time on payments.payment_details (created_at desc, id desc);
  create index payment_unsettled on payments.payment_details (status, created_at desc, id desc) where status <> 'succeeded'`;

const GATEWAY_EVENT = `
  create table payments.gateway_event (
    bucket smallint not null,
    id uuid not null,
    gateway text not null,
    event_id text not null,
    type text not null,
    object_id text,
    intent_id text,
    created_at timestamptz not null,
    received_at timestamptz not null default now(),
    processed_at timestamptz,
    result text,
    primary key (bucket, id)
  );
  create index gateway_event_unprocessed on payments.gateway_event (received_at) where processed_at is null;
  comment on table payments.gateway_event is 'The inbox of webhooks, unique by the gateway''s event id: its id and bucket are that id''s hash. No payload: the object is read anew.'`;

const STRAY_CHARGE = `
  create table payments.stray_charge (
    bucket smallint not null,
    id uuid not null,
    gateway text not null,
    object_id text not null,
    customer_id text,
    amount bigint not null,
    currency text not null,
    reason text not null,
    seen_at timestamptz not null default now(),
    resolved_at timestamptz,
    primary key (bucket, id)
  );
  create index stray_charge_open on payments.stray_charge (seen_at) where resolved_at is null;
  comment on table payments.stray_charge is 'Money that the gateway took and that no payment of ours explains: for a person to look at.'`;
