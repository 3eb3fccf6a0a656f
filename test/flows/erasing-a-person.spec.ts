import { BilledParticulars } from '#accounts/contract.js';
import { type AccountId, bucketOf } from '#kernel/ids.js';
import { fromEpochMs } from '#kernel/instant.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';
import { Story } from '../support/story.js';
import { stripeOf, verified } from '../verify/verified.js';

/** Texts that can come from nowhere else, each for what names a person. */
const canary = {
  name: 'Canary Aurelia Zwitscher',
  email: 'canary.aurelia@zwitscher.example',
  street: 'Canary Kanalgasse 4711',
  city: 'Canaryburg',
  taxId: 'DE811907980',
  metadata: 'canary-crm-note',
  laterName: 'Canary Aurelia Piepmatz',
  reason: 'canary wrote a letter herself',
} as const;

/** Where a person may be read: for each canary the tables that show it. */
const shownIn: Readonly<Record<keyof typeof canary, readonly string[]>> = {
  name: [],
  email: ['accounts.account_details'],
  street: ['accounts.account_details'],
  city: ['accounts.account_details'],
  taxId: ['accounts.account_details'],
  metadata: ['accounts.account_details'],
  laterName: ['accounts.account_details'],
  reason: [],
};

let platform: TestPlatform;
let story: Story;
let accountId: AccountId;
let clock: string;
let bystander: { id: string };

const body = {
  name: canary.name,
  email: canary.email,
  address: { line1: canary.street, city: canary.city, postalCode: '10117' },
  country: 'DE',
  taxIds: [{ type: 'eu_vat', value: canary.taxId }],
  metadata: { note: canary.metadata },
  currency: 'USD',
  timeZone: 'Europe/Berlin',
  paymentMethod: { token: 'pm_card_visa' },
};

const created = () => platform.post('/v1/accounts', { ...body, testClockId: clock }).set('Idempotency-Key', 'an opaque key');

beforeAll(async () => {
  platform = await startPlatform();
  story = new Story(platform);
  await story.plan();
  clock = await story.testClock('2026-01-31T15:00:00Z');
  const other = await story.testClock('2026-01-31T15:00:00Z');
  accountId = (await created().expect(201)).body.id;
  await story.subscription(accountId);
  await platform.patch(`/v1/accounts/${accountId}`, { name: canary.laterName }).expect(200);
  bystander = await story.subscription((await story.account({ testClockId: other })).id);
  await story.advance(clock, '2026-03-01T15:00:00Z');
});
afterAll(() => platform.stop());

/** The tables in which a text stands in plain, in any column. */
async function tablesWith(text: string): Promise<string[]> {
  const tables = await platform.database.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname !~ '^(pg_|information_schema$)' order by 1`,
  );
  const written = JSON.stringify(text).slice(1, -1);
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await platform.database.query(`select 1 from ${name} t where strpos(t::text, $1) > 0 or strpos(t::text, $2) > 0 limit 1`, [
      text,
      written,
    ]);
    if (rows.length > 0) found.push(name);
  }
  return found;
}

async function whereCanariesStand(): Promise<Record<string, string[]>> {
  const found: Record<string, string[]> = {};
  for (const [what, text] of Object.entries(canary)) {
    found[what] = [...(await tablesWith(text)), ...(platform.log.some((line) => line.includes(text)) ? ['log'] : [])];
  }
  return found;
}

async function failedChecks(): Promise<unknown[]> {
  const [row] = await platform.database.query<{ now: Date }>('select clock_timestamp() as now');
  const given = { canaries: Object.values(canary) };
  const results = await verified({ platform, quietAt: fromEpochMs(row!.now.getTime()) }, async () => {}, given);
  return results.filter(({ verdict }) => verdict === 'violated' || verdict === 'broken').map(({ id, shown, error }) => [id, error, shown]);
}

const billedAs = (version: number) => platform.app.get(BilledParticulars, { strict: false }).find(platform.database, accountId, version);

it('A person stands in plain nowhere but in the read model that shows it', async () => {
  expect(await whereCanariesStand()).toEqual(shownIn);
  const addresses = await platform.database.query<{ origin: { address?: string } }>(
    'select origin from es.event where bucket = $1::smallint and account_id = $2::uuid and origin is not null',
    [bucketOf(accountId), accountId],
  );
  expect(addresses.length).toBeGreaterThan(0);
  for (const { origin } of addresses) expect(origin.address).toMatch(/^1\./);
});

it('A recorded answer that shows a person is given again, and kept sealed', async () => {
  const { body: again, headers } = await created().expect(201);
  expect(headers['idempotent-replayed']).toBe('true');
  expect(again).toMatchObject({ id: accountId, name: canary.name });
  expect(await failedChecks()).toEqual([]);
});

it('A document is told whom it billed, at the version that it refers to', async () => {
  expect(await billedAs(1)).toMatchObject({ name: canary.name, address: { line1: canary.street }, taxIds: [{ value: canary.taxId }] });
  expect(await billedAs(2)).toMatchObject({ name: canary.laterName, particularsVersion: 2 });
  expect(await billedAs(3)).toBeNull();
});

it('An open account is not erased', async () => {
  const { body: refused } = await platform.post(`/v1/accounts/${accountId}/erase`, { reason: canary.reason }).expect(409);
  expect(refused.code).toBe('account_not_closed');
});

describe('Erasing the person', () => {
  const invoices = () => platform.get(`/v1/invoices?accountId=${accountId}&limit=100`).expect(200);
  let before: unknown;
  let customerIds: string[];

  beforeAll(async () => {
    const rows = await platform.database.query<{ customer_id: string }>(
      'select customer_id from payments.payment_method where account_id = $1::uuid',
      [accountId],
    );
    customerIds = rows.map(({ customer_id }) => customer_id);
    before = (await invoices()).body;
    await platform.delete(`/v1/accounts/${accountId}`).expect(200);
    const { body: shown } = await platform.post(`/v1/accounts/${accountId}/erase`, { reason: canary.reason }).expect(200);
    expect(shown).toMatchObject({ name: '[erased]', email: '[erased]', address: null, taxIds: [], metadata: {}, status: 'CLOSED' });
    await platform.settle();
  });

  it('leaves it nowhere', async () => {
    const nowhere = Object.fromEntries(Object.keys(canary).map((what) => [what, []]));
    expect(await whereCanariesStand()).toEqual(nowhere);
  });

  it('leaves chains, books, and read models as a replay makes them', async () => {
    expect(await failedChecks()).toEqual([]);
  });

  it('leaves the account and its invoices, without a name', async () => {
    const { body: account } = await platform.get(`/v1/accounts/${accountId}`).expect(200);
    expect(account).toMatchObject({ name: '[erased]', country: 'DE', status: 'CLOSED', erasedAt: '2026-03-01T15:00:00.000Z' });
    expect((await invoices()).body).toEqual(before);
  });

  it('takes back the recorded answers', async () => {
    const { body: refused } = await created().expect(422);
    expect(refused.code).toBe('idempotency_key_reused');
  });

  it('deletes the customer at the gateway', async () => {
    expect(customerIds).toHaveLength(1);
    expect(await stripeOf(platform.simulator).customers.retrieve(customerIds[0]!)).toMatchObject({ deleted: true });
  });

  it('happens once', async () => {
    await platform.post(`/v1/accounts/${accountId}/erase`, { reason: 'again' }).expect(200);
    const events = await platform.database.query("select 1 from es.event where event_type = 'AccountErased' and account_id = $1::uuid", [
      accountId,
    ]);
    expect(events).toHaveLength(1);
  });

  it('keeps what its invoices must say for ten years, and no longer', async () => {
    expect(await billedAs(1)).toMatchObject({ name: canary.name, address: { line1: canary.street }, taxIds: [{ value: canary.taxId }] });
    for (let year = 2027; year <= 2036; year += 1) await story.advance(clock, `${year}-02-27T00:00:00Z`);
    expect(await billedAs(1)).toMatchObject({ name: canary.name });
    await story.advance(clock, '2036-03-02T00:00:00Z');
    expect(await billedAs(1)).toMatchObject({ name: '[erased]', address: null, taxIds: [] });
    expect(await failedChecks()).toEqual([]);
  });

  it('stops nobody else from being billed', async () => {
    const [{ testClockId }] = (await platform.database.query(
      'select clock_id as "testClockId" from es.clocked_stream where stream_id = $1::uuid',
      [bystander.id],
    )) as [{ testClockId: string }];
    await story.advance(testClockId, '2026-04-01T15:00:00Z');
    expect((await story.invoices(bystander.id)).map(({ status }) => status)).toEqual(['paid', 'paid', 'paid']);
  });
});
