import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keys belong to the installation, not to an account: the one table without a bucket that is written while serving. */
export class Platform1700000000008 implements MigrationInterface {
  name = 'Platform1700000000008';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create schema platform;
      create table platform.api_key (
        id text primary key,
        secret_hash bytea not null,
        role text not null,
        name text not null,
        created_at timestamptz not null,
        expires_at timestamptz,
        revoked_at timestamptz
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop schema platform cascade');
  }
}
