import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import supertest from 'supertest';
import { DomainEvent } from '#event-sourcing/domain-event.js';
import { EventSourcingModule } from '#event-sourcing/event-sourcing.module.js';
import { ledgerStatements } from '#event-sourcing/ledger.js';
import { type LedgerPosting, postings } from '#event-sourcing/postings.js';
import { Database, type Sql } from '#event-sourcing/sql.js';
import { Vocabulary } from '#event-sourcing/vocabulary.js';
import { bucketOf, hashedId } from '#kernel/ids.js';
import { type Instant, instant, plusMs } from '#kernel/instant.js';
import { Money } from '#kernel/money.js';
import { LedgerModule } from '#ledger/ledger.module.js';
import { DatabaseModule } from '#platform/database/database.module.js';
import { type ProbeApp, startProbe } from '#platform/testing/probe-app.js';
import { createTestDatabase, type TestDatabase } from '../support/test-database.js';

class Moved extends DomainEvent('Moved', { money: ['postings[].amount'] })<{ readonly postings: readonly LedgerPosting[] }> {}

const vocabulary = new Vocabulary();
vocabulary.register({ name: 'spec', postings: [postings([Moved], ({ data }) => data.postings)] });

let testDatabase: TestDatabase;
let probe: ProbeApp;
beforeAll(async () => {
  testDatabase = await createTestDatabase();
  probe = await startProbe({ imports: [DatabaseModule, EventSourcingModule.forRoot(), LedgerModule] }, { DATABASE_URL: testDatabase.url });
  await probe.app.listen(0, '127.0.0.1');
  await post('invoice', '2026-01-31T12:00:00Z', [billed(2900n)]);
  await post('payment', '2026-01-31T12:00:01Z', [{ from: 'receivable:ada', to: 'cash:stripe', amount: Money.of(2900n, 'USD') }]);
  await post('yen', '2026-02-28T12:00:00Z', [{ from: 'deferred-revenue:pro', to: 'receivable:bob', amount: Money.of(1250n, 'JPY') }]);
  await post('two lines', '2026-03-31T12:00:00Z', [
    billed(100n),
    { from: 'revenue:pro', to: 'receivable:ada', amount: Money.of(1n, 'USD') },
  ]);
});
afterAll(async () => {
  await probe.app.close();
  await testDatabase.drop();
});

const billed = (amount: bigint): LedgerPosting => ({ from: 'deferred-revenue:pro', to: 'receivable:ada', amount: Money.of(amount, 'USD') });

/** Writes what the engine does when it appends an event. */
async function post(name: string, effectiveAt: string, moved: readonly LedgerPosting[]): Promise<void> {
  await probe.app.get(Database).transaction((sql) => postIn(sql, name, instant(effectiveAt), moved));
}

async function postIn(sql: Sql, name: string, effectiveAt: Instant, moved: readonly LedgerPosting[]): Promise<void> {
  const streamId = hashedId(name);
  const bucket = bucketOf(streamId);
  const cause = { correlationId: 'spec', causationId: null, accountId: null, actor: 'spec', origin: null };
  const meta = { ...cause, bucket, streamType: 'spec', streamId, version: 1, eventId: streamId, effectiveAt, position: 1n };
  for (const statement of ledgerStatements(bucket, [{ event: new Moved({ postings: moved }), meta }], vocabulary)) await sql.run(statement);
}

const get = (path: string) => supertest(probe.app.getHttpServer()).get(`/v1/ledger/${path}`).set('Authorization', probe.authorization);
const usd = (amount: number) => ({ amount, currency: 'USD' });
const jpy = (amount: number) => ({ amount, currency: 'JPY' });

describe('The trial balance', () => {
  it('shows every account of every currency, and that they balance', async () => {
    const { body } = await get('trial-balance').expect(200);
    expect(body).toEqual({
      at: null,
      balanced: true,
      currencies: [
        {
          currency: 'JPY',
          balanced: true,
          accounts: [
            { account: 'deferred-revenue:pro', debit: jpy(0), credit: jpy(1250), balance: jpy(-1250) },
            { account: 'receivable:bob', debit: jpy(1250), credit: jpy(0), balance: jpy(1250) },
          ],
          totals: { debit: jpy(1250), credit: jpy(1250), balance: jpy(0) },
        },
        {
          currency: 'USD',
          balanced: true,
          accounts: [
            { account: 'cash:stripe', debit: usd(2900), credit: usd(0), balance: usd(2900) },
            { account: 'deferred-revenue:pro', debit: usd(0), credit: usd(3000), balance: usd(-3000) },
            { account: 'receivable:ada', debit: usd(3001), credit: usd(2900), balance: usd(101) },
            { account: 'revenue:pro', debit: usd(0), credit: usd(1), balance: usd(-1) },
          ],
          totals: { debit: usd(5901), credit: usd(5901), balance: usd(0) },
        },
      ],
    });
  });

  it('is that of any instant, which counts itself', async () => {
    const cashAt = async (at: string) => {
      const { body } = await get(`trial-balance?at=${encodeURIComponent(at)}`).expect(200);
      return [body.at, body.currencies.flatMap(({ accounts }: { accounts: { account: string; balance: object }[] }) => accounts).length];
    };
    expect(await cashAt('2026-01-31T12:00:00Z')).toEqual(['2026-01-31T12:00:00.000Z', 2]);
    expect(await cashAt('2026-01-31T13:00:01+01:00')).toEqual(['2026-01-31T12:00:01.000Z', 3]);
    expect(await cashAt('0001-01-01T00:00:00Z')).toEqual(['0001-01-01T00:00:00.000Z', 0]);
    await get('trial-balance?at=today').expect(422);
  });
});

describe('The journal', () => {
  it('comes in order of effective time, in pages, each entry whole', async () => {
    const first = await get('journal?limit=3').expect(200);
    expect(first.body.data.map(({ id }: { id: string }) => id)).toEqual(['invoice', 'payment', 'yen'].map((name) => hashedId(name)));
    const second = await get(`journal?limit=3&cursor=${first.body.nextCursor}`).expect(200);
    expect(second.body).toEqual({
      data: [
        {
          id: hashedId('two lines'),
          effectiveAt: '2026-03-31T12:00:00.000Z',
          postings: [
            { debitAccount: 'receivable:ada', creditAccount: 'deferred-revenue:pro', amount: usd(100), lineId: null },
            { debitAccount: 'receivable:ada', creditAccount: 'revenue:pro', amount: usd(1), lineId: null },
          ],
        },
      ],
      nextCursor: null,
    });
  });

  it('is cut from an instant on, and before another', async () => {
    const { body } = await get('journal?from=2026-01-31T12:00:01Z&to=2026-03-31T12:00:00Z').expect(200);
    expect(body.data.map(({ id }: { id: string }) => id)).toEqual([hashedId('payment'), hashedId('yen')]);
  });

  it('as CSV is a file with a row for each posting', async () => {
    const { text, headers } = await get('journal?format=csv&from=2026-03-01T00:00:00Z').expect(200);
    expect(headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': 'attachment; filename="journal.csv"',
      'cache-control': 'no-store',
    });
    const start = `2026-03-31T12:00:00.000Z,${hashedId('two lines')}`;
    expect(text).toBe(
      'effective_at,event_id,index,debit_account,credit_account,amount,amount_minor,currency,line_id\r\n' +
        `${start},0,receivable:ada,deferred-revenue:pro,1.00,100,USD,\r\n${start},1,receivable:ada,revenue:pro,0.01,1,USD,\r\n`,
    );
  });

  it('as plain text is what hledger and ledger read', async () => {
    const { text, headers } = await get('journal?format=hledger').expect(200);
    expect(headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': 'attachment; filename="perennial.journal"',
    });
    expect(text.match(/^\d{4}.*/gm)).toEqual([
      `2026-01-31 (${hashedId('invoice')}) deferred-revenue to receivable`,
      `2026-01-31 (${hashedId('payment')}) receivable to cash`,
      `2026-02-28 (${hashedId('yen')}) deferred-revenue to receivable`,
      `2026-03-31 (${hashedId('two lines')}) deferred-revenue to receivable`,
    ]);
    expect(text).toContain('    assets:cash:stripe  29.00 USD\n    assets:receivable:ada  -29.00 USD\n');
    expect(text).toContain('    assets:receivable:bob  1250 JPY\n');
  });

  it('is empty where nothing was posted', async () => {
    expect((await get('journal?to=2020-01-01T00:00:00Z').expect(200)).body).toEqual({ data: [], nextCursor: null });
    expect((await get('journal?format=hledger&to=2020-01-01T00:00:00Z').expect(200)).text).toMatch(/^; .*\n\n$/);
  });

  it.each([
    ['format=xml', 'validation_failed'],
    ['from=yesterday', 'validation_failed'],
    ['from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'journal_range_empty'],
    ['format=csv&limit=10', 'journal_not_paged'],
    ['format=hledger&cursor=x', 'journal_not_paged'],
    ['cursor=x', 'cursor_invalid'],
    ['limit=0', 'limit_invalid'],
  ])('refuses %s', async (query, code) => {
    expect((await get(`journal?${query}`).expect(422)).body.code).toBe(code);
  });
});

describe('A long journal', () => {
  const COUNT = 1_203;
  beforeAll(async () => {
    const from = instant('2027-01-01T00:00:00Z');
    // Three entries at each moment, so that pages end within one.
    await probe.app.get(Database).transaction(async (sql) => {
      for (let index = 0; index < COUNT; index += 1) await postIn(sql, `long/${index}`, plusMs(from, Math.floor(index / 3)), [billed(1n)]);
    });
  });

  it('is written to its end, each entry once and in order', async () => {
    const { text } = await get('journal?format=csv&from=2027-01-01T00:00:00Z').expect(200);
    const rows = text.split('\r\n').slice(1, -1);
    expect(rows).toHaveLength(COUNT);
    expect(new Set(rows).size).toBe(COUNT);
    expect(rows).toEqual([...rows].sort());
  });

  it('is the same in pages', async () => {
    const ids: string[] = [];
    for (let path: string | null = 'journal?limit=100&from=2027-01-01T00:00:00Z'; path; ) {
      const { body }: { body: { data: { id: string }[]; nextCursor: string | null } } = await get(path).expect(200);
      ids.push(...body.data.map(({ id }) => id));
      path = body.nextCursor && `journal?limit=100&from=2027-01-01T00:00:00Z&cursor=${body.nextCursor}`;
    }
    expect(ids).toHaveLength(COUNT);
    expect(new Set(ids).size).toBe(COUNT);
  });

  it('is broken off, not ended, when the database fails on the way', async () => {
    const database = probe.app.get(Database);
    const query = database.query.bind(database);
    let asked = 0;
    database.query = (text, values) => {
      asked += 1;
      return asked > 1 ? query('select 1 / 0') : query(text, values);
    };
    await expect(rawGet('journal?format=csv&from=2027-01-01T00:00:00Z')).rejects.toThrow('aborted');
    asked = 1;
    await get('journal?format=csv').expect(500);
    database.query = query;
  });
});

/** Without supertest, which waits for an end that does not come. */
function rawGet(path: string): Promise<string> {
  const { port } = probe.app.getHttpServer().address() as AddressInfo;
  return new Promise((resolve, reject) => {
    const headers = { Authorization: probe.authorization };
    request({ port, path: `/v1/ledger/${path}`, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString()));
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}

describe('A sum that no JSON number keeps exactly', () => {
  it('is answered as text, and holds up no other currency', async () => {
    const most = Money.of(2n ** 53n - 1n, 'EUR');
    const moved = { from: 'deferred-revenue:pro', to: 'receivable:eve', amount: most };
    await post('a lot', '2027-01-31T12:00:00Z', [moved, moved]);
    const { body } = await get('trial-balance').expect(200);
    const euros = body.currencies.find(({ currency }: { currency: string }) => currency === 'EUR');
    expect(euros.totals.debit).toEqual({ amount: '18014398509481982', currency: 'EUR' });
    expect(euros.accounts[0].balance).toEqual({ amount: '-18014398509481982', currency: 'EUR' });
    expect(euros.balanced).toBe(true);
    expect(body.currencies.find(({ currency }: { currency: string }) => currency === 'JPY').totals.debit).toEqual(jpy(1250));
  });
});
