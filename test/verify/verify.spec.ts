import type { Sql } from '#event-sourcing/sql.js';
import { Vocabulary } from '#event-sourcing/vocabulary.js';
import { bucketOf, newId } from '#kernel/ids.js';
import { fromEpochMs } from '#kernel/instant.js';
import { traced } from '../../apps/cli/src/trace.command.js';
import type { Subject } from '../../apps/cli/src/verify/subject.js';
import { wholeVocabulary } from '../../apps/cli/src/vocabulary.js';
import { type Expected, expectFoundBy, jsonLines, nothing } from './expectations.js';
import { tamper } from './plants.js';
import { makePortfolio, type Portfolio } from './portfolio.js';
import { verified } from './verified.js';

let portfolio: Portfolio;
beforeAll(async () => {
  portfolio = await makePortfolio();
});
afterAll(() => portfolio?.platform.stop());

const expectFound = (plant: (sql: Sql) => Promise<unknown>, id: string, expected: Expected, given?: Partial<Subject>): Promise<void> =>
  expectFoundBy(id, portfolio, plant, expected, given);

it('finds nothing wrong with what the system made, having looked at everything that it can', async () => {
  const results = await verified(portfolio, nothing, {
    canaries: ['sk_test_specs', 'whsec_0123456789abcdef', '4242424242424242'],
    logs: [jsonLines('clean.log', [{ level: 'info' }])],
    journal: jsonLines('clean.jsonl', []),
    requestLog: jsonLines('clean-requests.jsonl', [{ method: 'GET', path: '/v1/plans', status: 200, headers: {} }]),
  });
  expect(Object.fromEntries(results.map(({ id, verdict, shown, error }) => [id, shown[0]?.says ?? error ?? verdict]))).toEqual({
    ...{ I1: 'passed', I2: 'passed', I3: 'passed', I4: 'passed', I5: 'passed', I6: 'passed', I7: 'passed', I8: 'passed' },
    ...{ I9: 'in part', I10: 'not checked', I11: 'passed', I12: 'in part', I13: 'in part', I14: 'passed', I15: 'not checked' },
  });
  const counts = Object.fromEntries(results.flatMap(({ id, examined }) => examined.map(({ count, what }) => [`${id} ${what}`, count])));
  const [lines] = await portfolio.platform.database.query<{ count: string }>(
    `select count(*) from invoicing.invoice_details i, json_to_recordset(i.lines) as line (kind text) where line.kind = 'recurring'`,
  );
  expect(counts['I2 due periods']).toBe(Number(lines!.count));
  expect(counts['I3 intents']).toBe(counts['I3 payments']);
});

it('knows every context that the processes are made of', () => {
  const running = portfolio.platform.app.get(Vocabulary, { strict: false });
  const names = (vocabulary: Vocabulary) =>
    vocabulary
      .declared()
      .map(({ name }) => name)
      .sort();
  expect(names(wholeVocabulary())).toEqual(names(running));
});

it('never says of anything that it passed when it could not be looked at', async () => {
  const results = await verified(portfolio, nothing, { stripe: null });
  const passed = results.filter(({ verdict }) => verdict === 'passed').map(({ id }) => id);
  expect(passed).toEqual(['I1', 'I2', 'I4', 'I5', 'I8', 'I11']);
  for (const { notChecked } of results.filter(({ verdict }) => verdict === 'not checked')) expect(notChecked).not.toEqual([]);
});

describe('I4', () => {
  it('finds an event that was changed, by as little as a space', async () => {
    const stream = portfolio.monthly.subscription;
    const change = `update es.event set payload = (payload::text || ' ')::json where stream_id = '${stream}' and version = 2`;
    const says = /^The columns, the payload or the hash have been changed/;
    await expectFound((sql) => tamper(sql, change), 'I4', { says, where: { stream, version: '2' } });
  });

  it("finds an event that is said to be another account's", async () => {
    const stream = portfolio.monthly.subscription;
    const change = `update es.event set account_id = null where stream_id = '${stream}' and version = 2`;
    await expectFound((sql) => tamper(sql, change), 'I4', { says: /^An event is stored as that of no account, and its data speak of/ });
  });

  it('finds a position that is missing', async () => {
    const bucket = bucketOf(portfolio.monthly.subscription);
    const move = `update es.event set pos = 0 where pos = 1 and bucket = ${bucket}`;
    await expectFound((sql) => tamper(sql, move), 'I4', {
      says: /^Position 1 is missing/,
      where: { bucket: String(bucket), position: '1' },
    });
  });

  it.each([
    [
      'a reader ahead of the log',
      `update es.checkpoint set pos = pos + 100 where reader = 'relay'`,
      /^The log ends here, but has been read up to/,
    ],
    [
      'a timer of another account',
      `update es.timer set account_id = gen_random_uuid()`,
      /^A timer is that of an account in another bucket/,
    ],
    ['a state of another history', `update es.stream_state set hash = decode(repeat('00', 32), 'hex')`, /from an event with another hash/],
  ])('finds %s', async (_, statement, says) => {
    await expectFound((sql) => sql.query(statement), 'I4', { says });
  });
});

describe('I5', () => {
  const ghost = `insert into payments.payer values (7, '${newId(7)}', null)`;

  it.each([
    [
      'a changed row',
      `update invoicing.invoice_details set status = 'void' where status = 'open'`,
      /^A row differs from its replay: status\.$/,
    ],
    ['a missing row', `delete from subscriptions.plan_terms`, /^A row that follows from the events is missing/],
    ['a row that nothing explains', ghost, /^A row follows from no event/],
    ['a kept state that is not its stream', `update es.stream_state set state = '{"status":"absent"}'`, /^A kept state is not the fold/],
  ])('finds %s', async (_, statement, says) => {
    await expectFound((sql) => sql.query(statement), 'I5', { says });
  });
});

describe('I6', () => {
  const ofSubscription = async (): Promise<string> => {
    const query = `select correlation_id as id from es.event where stream_id = '${portfolio.monthly.subscription}' and version = 1`;
    return (await portfolio.platform.database.query<{ id: string }>(query))[0]!.id;
  };
  const line = (op: string, correlationId: string, key: string | null = null) => ({
    op,
    intent: { correlationId, key, event: 'SubscriptionStarted' },
  });

  it('finds nothing in what was acknowledged and is there, or was not and is not', async () => {
    const lines = [
      line('1', await ofSubscription()),
      { op: '1', ack: { status: 201, body: { id: portfolio.monthly.subscription } } },
      line('2', 'lost on the way'),
    ];
    const results = await verified(portfolio, nothing, { journal: jsonLines('good.jsonl', lines) });
    expect(results.filter(({ id }) => id === 'I6' || id === 'I7').map(({ verdict }) => verdict)).toEqual(['passed', 'passed']);
  });

  it('finds what was acknowledged and is lost', async () => {
    const lines = [line('1', 'never-seen'), { op: '1', ack: { status: 201, body: {} } }];
    await expectFound(
      nothing,
      'I6',
      { says: /answered with 201, and its SubscriptionStarted is not there/, where: { op: '1' } },
      { journal: jsonLines('lost.jsonl', lines) },
    );
  });

  it('finds what was refused and done all the same', async () => {
    const lines = [line('1', await ofSubscription()), { op: '1', ack: { status: 422, body: {} } }];
    await expectFound(
      nothing,
      'I6',
      { says: /^A request was refused with 422, and its SubscriptionStarted is there/ },
      { journal: jsonLines('refused.jsonl', lines) },
    );
  });
});

describe('I7', () => {
  const twoRequests = async (): Promise<{ op: string; intent: object }[]> => {
    const rows = await portfolio.platform.database.query<{ id: string }>(
      `select correlation_id as id from es.event where event_type = 'SubscriptionStarted' limit 2`,
    );
    return rows.map(({ id }, index) => ({ op: String(index), intent: { correlationId: id, key: 'k', event: 'SubscriptionStarted' } }));
  };

  it('finds two effects under one key', async () => {
    const journal = jsonLines('effects.jsonl', await twoRequests());
    await expectFound(
      nothing,
      'I7',
      { says: /^2 events SubscriptionStarted were recorded under one key/, where: { key: 'k' } },
      { journal },
    );
  });

  it('finds two answers under one key', async () => {
    const [first] = await twoRequests();
    const journal = jsonLines('answers.jsonl', [first!, ...[1, 2].map((n) => ({ op: '0', ack: { status: 201, body: { n } } }))]);
    await expectFound(nothing, 'I7', { says: /^2 different answers were given under one key/ }, { journal });
  });

  it('finds a kept answer that is another than the one given', async () => {
    const [first] = await twoRequests();
    const journal = jsonLines('kept.jsonl', [first!, { op: '0', ack: { status: 201, body: { n: 1 } } }]);
    const keep = (sql: Sql) =>
      sql.query(
        `insert into es.command (bucket, key, request_hash, answer) values (7, 'api-key:x k', 'hash', '{"status":201,"headers":{},"body":{"n":2}}')`,
      );
    await expectFound(keep, 'I7', { says: /another answer is kept with it/, where: { key: 'k' } }, { journal });
  });
});

describe('I11', () => {
  const job = (columns: string, values: string): string =>
    `insert into es.job (bucket, id, kind, payload, ${columns}) values (7, '0190f0c8-1111-7000-8000-000000000007', 'any', '{}', ${values})`;
  const timer = (columns: string, values: string): string =>
    `insert into es.timer (bucket, name, stream_id, command, data, correlation_id, causation_id, ${columns}) values (7, 'any', '0190f0c8-1111-7000-8000-000000000007', 'X', '{}', 'c', '0190f0c8-1111-7000-8000-000000000007', ${values})`;

  it.each([
    ['a job that waits', job('run_at', `now() - interval '2 minutes'`), /^A job has been due since/],
    [
      'a lease that nobody took over',
      job('state, lease_until', `'leased', now() - interval '2 minutes'`),
      /^A lease that ended at .* was never taken over/,
    ],
    ['a job that was given up', job('state, last_error', `'dead', 'no handler'`), /^A job was given up: no handler/],
    ['a timer that waits', timer('due_at', `now() - interval '2 minutes'`), /^A timer has been due since/],
    [
      'a timer that was set aside',
      timer('due_at, set_aside_at, set_aside_reason', `now(), now(), 'refused'`),
      /^A timer was set aside at .*: refused/,
    ],
    [
      'a timer that its clock passed over',
      `update es.timer set due_at = '2026-06-30Z' where clock_id is not null`,
      /was passed over by its test clock/,
    ],
    [
      'a reader that stands still',
      `update es.checkpoint set failures = 1, last_error = 'poison' where reader = 'relay'`,
      /^A reader has stood still at position .*: poison/,
    ],
    ['a reader that does not read on', `update es.checkpoint set pos = pos - 1 where reader = 'relay'`, /^A reader has not read on/],
  ])('finds %s', async (_, statement, says) => {
    await expectFound((sql) => sql.query(statement), 'I11', { says }, { asOf: fromEpochMs(Date.now() + 61_000) });
  });
});

describe('I13', () => {
  it('finds a secret in a job', async () => {
    const leak = (sql: Sql) =>
      sql.query(
        `insert into es.job (bucket, id, kind, payload) values (7, '0190f0c8-1111-7000-8000-000000000007', 'any', '{"card":"4242424242424242"}')`,
      );
    await expectFound(
      leak,
      'I13',
      { says: /^The canary "4242…" stands in es\.job/, where: { bucket: '7' } },
      { canaries: ['4242424242424242'] },
    );
  });

  it('finds a name in a log, as JSON writes it too', async () => {
    const log = jsonLines('leaky.log', [{ level: 'info' }, { msg: 'Ada "the" Countess' }]);
    await expectFound(
      nothing,
      'I13',
      { says: /stands in a log/, where: { file: log, line: '2' } },
      { canaries: ['Ada "the" Countess'], logs: [log] },
    );
  });
});

describe('I14', () => {
  it.each([
    ['a 500', { status: 500, headers: { 'content-type': 'application/problem+json' } }, /^A request was answered with 500/],
    ['a 503 without a word', { status: 503, headers: { 'content-type': 'application/problem+json' } }, /^A 503 does not say when/],
    [
      'an error that is no problem document',
      { status: 404, headers: { 'content-type': 'text/html' } },
      /^A 404 is no problem document, but text\/html/,
    ],
  ])('finds %s', async (_, answer, says) => {
    const requestLog = jsonLines('requests.jsonl', [
      { method: 'GET', path: '/a', status: 200 },
      { method: 'GET', path: '/b', ...answer },
    ]);
    await expectFound(nothing, 'I14', { says, where: { line: '2', request: 'GET /b' } }, { requestLog });
  });
});

it('traces a request to all that followed from it, each below its cause', async () => {
  const { subscription } = portfolio.monthly;
  const lines = await portfolio.platform.database.transaction(async (sql) => {
    const [row] = await sql.query<{ id: string }>(
      `select correlation_id as id from es.event where stream_id = '${subscription}' and version = 1`,
    );
    return traced(sql, row!.id);
  });
  const afterTime = '2026-01-31T15:30:00.000Z  '.length;
  const events = lines.filter((line) => !line.startsWith('→')).map((line) => /^ *\w+/.exec(line.slice(afterTime))![0]);
  expect(events[0]).toBe('SubscriptionStarted');
  expect(events.slice(events.indexOf('PeriodStarted')).slice(0, 2)).toEqual(['PeriodStarted', '  InvoiceIssued']);
  expect(lines.at(-1)).toMatch(/^→ timer renewal of .*, due 2026-07-31/);
});
