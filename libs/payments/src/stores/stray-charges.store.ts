import type { CommandExecutor } from '#event-sourcing/command-executor.js';
import type { Database } from '#event-sourcing/sql.js';
import { type AccountId, bucketOf, hashedId } from '#kernel/ids.js';
import { ParkAccount } from '../account-hold/park-account.js';
import type { SeenCharge } from '../gateways/payment-gateway.js';

/** Keeps what the gateway charged and our books cannot explain, once each, until a person has dealt with it; its account is parked. */
export class StrayCharges {
  constructor(
    private readonly database: Database,
    private readonly executor: CommandExecutor,
  ) {}

  async record(gateway: string, { objectId, customerId, amount }: SeenCharge, reason: string, known?: AccountId): Promise<void> {
    const id = hashedId(`${gateway}/${objectId}`);
    const accountId = known ?? (await this.accountOf(gateway, customerId));
    const kept = await this.database.query(`select 1 from payments.stray_charge where bucket = $1::smallint and id = $2::uuid`, [
      bucketOf(id),
      id,
    ]);
    if (kept.length > 0) return;
    // First, so that a crash in between parks again rather than never; after a release the same charge parks no more.
    if (accountId) {
      const meta = { actor: 'payments', correlationId: objectId };
      await this.executor.execute(
        new ParkAccount({ accountId, reason: 'stray_charge', details: `${objectId}: ${amount} (${reason})` }, meta),
      );
    }
    await this.database.query(
      `insert into payments.stray_charge (bucket, id, gateway, object_id, customer_id, amount, currency, reason)
       values ($1::smallint, $2::uuid, $3, $4, $5, $6::bigint, $7, $8) on conflict (bucket, id) do nothing`,
      [bucketOf(id), id, gateway, objectId, customerId, amount.amount.toString(), amount.currency, reason],
    );
  }

  private async accountOf(gateway: string, customerId: string | null): Promise<AccountId | undefined> {
    if (!customerId) return undefined;
    const [row] = await this.database.query<{ account_id: AccountId }>(
      'select account_id from payments.payment_method where gateway = $1 and customer_id = $2 limit 1',
      [gateway, customerId],
    );
    return row?.account_id;
  }
}
