import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The role that serving processes act as. It may append to the log through `es.append` and read it, nothing else; the
 * other tables are granted to it after each migration run (see grants.ts).
 */
export class ApplicationRole1700000000000 implements MigrationInterface {
  name = 'ApplicationRole1700000000000';

  async up(runner: QueryRunner): Promise<void> {
    // Roles belong to the whole cluster: another database of it may have made this one, even at this moment.
    await runner.query(`
      do $$ begin
        create role perennial_app nologin;
      exception when duplicate_object or unique_violation then null;
      end $$`);
    await runner.query(`
      do $$ begin
        execute format('grant perennial_app to %I', current_user);
      exception when others then
        if not pg_has_role(current_user, 'perennial_app', 'member') then raise; end if;
      end $$`);
  }

  async down(): Promise<void> {
    // Other databases of the cluster may still use the role.
  }
}
