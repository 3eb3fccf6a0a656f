import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { fromEpochMs } from '#kernel/instant.js';
import type { Role } from '../http/request-context.js';
import { type ApiKey, ApiKeys } from './api-keys.js';

interface Row {
  id: string;
  secret_hash: Buffer;
  role: Role;
  name: string;
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
}

/** Keys in the table `platform.api_key`. */
@Injectable()
export class PostgresApiKeys extends ApiKeys {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {
    super();
  }

  async find(id: string): Promise<ApiKey | null> {
    const columns = 'id, secret_hash, role, name, created_at, expires_at, revoked_at';
    const [row] = await this.dataSource.query<Row[]>(`select ${columns} from platform.api_key where id = $1`, [id]);
    if (!row) return null;
    return {
      id: row.id,
      secretHash: row.secret_hash,
      role: row.role,
      name: row.name,
      createdAt: fromEpochMs(row.created_at.getTime()),
      expiresAt: row.expires_at && fromEpochMs(row.expires_at.getTime()),
      revokedAt: row.revoked_at && fromEpochMs(row.revoked_at.getTime()),
    };
  }

  async add(key: ApiKey): Promise<void> {
    await this.dataSource.query(
      'insert into platform.api_key (id, secret_hash, role, name, created_at, expires_at, revoked_at) values ($1, $2, $3, $4, $5, $6, $7)',
      [key.id, key.secretHash, key.role, key.name, key.createdAt, key.expiresAt, key.revokedAt],
    );
  }
}
