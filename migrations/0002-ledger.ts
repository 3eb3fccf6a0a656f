import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The books: one row moves one amount, so no entry can be out of balance. */
export class Ledger1700000000002 implements MigrationInterface {
  name = 'Ledger1700000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create schema ledger;
      create table ledger.posting (
        bucket smallint not null,
        event_id uuid not null,
        index smallint not null,
        credit_account text not null,
        debit_account text not null check (debit_account <> credit_account),
        amount bigint not null check (amount > 0),
        currency text not null,
        effective_at timestamptz not null,
        line_id uuid,
        primary key (bucket, event_id, index)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema ledger cascade');
  }
}
