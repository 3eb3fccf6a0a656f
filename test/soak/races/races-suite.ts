import { randomUUID } from 'node:crypto';
import { SeededChance } from '../../reliability/seeded-chance.js';
import { startPlatform, type TestPlatform } from '../../support/platform.js';
import { Story } from '../../support/story.js';
import { type SuiteOptions, type SuiteResult, Tally } from '../suite.js';
import { type Answer, HttpClient } from './http-client.js';

const AT_ONCE = 50;

/** A race: what all of them ask for, and what must have come of it. */
interface Race {
  readonly path: string;
  readonly method: 'POST' | 'DELETE' | 'PATCH';
  readonly body?: object;
  /** One key for all, or one for each. */
  readonly sameKey: boolean;
  /** The version that all of them have read. */
  readonly ifMatch?: string;
  /** How many events of this type must be there at the end, in the streams of the account or of the clock. */
  readonly effects: { readonly event: string; readonly where: string; readonly value: string };
}

type Kind = 'subscribe' | 'create account' | 'cancel with one key' | 'cancel with 50 keys' | 'advance a clock' | 'change with one version';
const kinds: readonly Kind[] = [
  'subscribe',
  'create account',
  'cancel with one key',
  'cancel with 50 keys',
  'advance a clock',
  'change with one version',
];

/** One trial is a race: 50 requests at once for the same. One of them has an effect, and those under one key get one answer. */
export async function runRacesSuite(options: SuiteOptions): Promise<SuiteResult & { readonly requests: number }> {
  const platform = await startPlatform();
  const run = new RacesRun(options, platform, await HttpClient.of(platform));
  try {
    return await run.result();
  } finally {
    await platform.stop();
  }
}

class RacesRun {
  private readonly tally: Tally;
  private readonly chance: SeededChance;
  private readonly story: Story;
  private requests = 0;

  constructor(
    private readonly options: SuiteOptions,
    private readonly platform: TestPlatform,
    private readonly http: HttpClient,
  ) {
    this.tally = new Tally('races', options);
    this.chance = new SeededChance(options.seed);
    this.story = new Story(platform);
  }

  async result(): Promise<SuiteResult & { readonly requests: number }> {
    await this.story.plan();
    for (let index = 0; index < this.options.size; index += 1) {
      const kind = index < kinds.length ? kinds[index]! : this.chance.oneOf(kinds);
      this.tally.count(kind);
      await this.race(kind, `race ${index} (${kind})`);
      this.tally.advance();
    }
    await this.platform.settle();
    await this.checkGateway();
    return this.tally.result({ requests: this.requests });
  }

  private async race(kind: Kind, at: string): Promise<void> {
    const race = await this.prepare(kind);
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: AT_ONCE }, () => this.untilAnswered(race, this.options.control ? undefined : race.sameKey ? key : randomUUID())),
    );
    this.checkAnswers(race, answers, at);
    const effects = await this.effects(race);
    if (effects !== 1) this.tally.fail(`${at}: ${effects} events ${race.effects.event} came of ${AT_ONCE} requests.`);
  }

  private async prepare(kind: Kind): Promise<Race> {
    const email = `${randomUUID()}@example.com`;
    if (kind === 'create account') {
      const body = { email, name: 'Ada', currency: 'USD', paymentMethod: { token: 'pm_card_visa' } };
      return {
        path: '/v1/accounts',
        method: 'POST',
        body,
        sameKey: true,
        effects: { event: 'AccountCreated', where: 'email', value: email },
      };
    }
    if (kind === 'advance a clock') {
      const clock = await this.story.testClock('2026-01-31T15:30:00Z');
      const effects = { event: 'TestClockAdvanceStarted', where: 'testClockId', value: clock };
      return { path: `/v1/test-clocks/${clock}/advance`, method: 'POST', body: { to: '2026-02-01T00:00:00Z' }, sameKey: true, effects };
    }
    const account = await this.story.account({ email });
    if (kind === 'change with one version') {
      const effects = { event: 'AccountChanged', where: 'accountId', value: account.id };
      const ifMatch = (await this.http.send('GET', `/v1/accounts/${account.id}`)).headers.get('etag')!;
      return { path: `/v1/accounts/${account.id}`, method: 'PATCH', body: { name: 'Grace' }, sameKey: false, ifMatch, effects };
    }
    if (kind === 'subscribe') {
      const effects = { event: 'SubscriptionStarted', where: 'accountId', value: account.id };
      return { path: '/v1/subscriptions', method: 'POST', body: { accountId: account.id, planCode: 'pro' }, sameKey: true, effects };
    }
    const { id } = await this.story.subscription(account.id);
    const effects = { event: 'SubscriptionCanceled', where: 'subscriptionId', value: id };
    return { path: `/v1/subscriptions/${id}`, method: 'DELETE', sameKey: kind === 'cancel with one key', effects };
  }

  /** A request that was told to come back comes back, as a client does. */
  private async untilAnswered({ method, path, body, ifMatch }: Race, key: string | undefined): Promise<Answer> {
    const guards = { ...(key && { 'Idempotency-Key': key }), ...(ifMatch && !this.options.control && { 'If-Match': ifMatch }) };
    for (let attempt = 1; ; attempt += 1) {
      this.requests += 1;
      const answer = await this.http.send(method, path, { body, headers: guards });
      const comeBack = answer.status === 503 || answer.code === 'idempotency_key_in_use';
      if (!comeBack || attempt === 20) return answer;
    }
  }

  private checkAnswers({ sameKey, method }: Race, answers: readonly Answer[], at: string): void {
    const done = answers.filter(({ status }) => status < 300);
    const refused = answers.filter(({ status }) => status >= 300);
    const distinct = new Set(done.map(({ status, text }) => `${status} ${text}`));
    if (distinct.size !== 1) this.tally.fail(`${at}: ${distinct.size} different answers say that it was done.`);
    if (sameKey && refused.length > 0)
      this.tally.fail(`${at}: ${refused.length} of ${AT_ONCE} under one key were answered ${refused[0]!.status} ${refused[0]!.code}.`);
    const wrong = refused.find(({ status }) => status !== 409 && status !== 412);
    // What has ended already is answered as it is, under whatever key.
    if (!sameKey && method !== 'DELETE' && (done.length !== 1 || wrong)) {
      this.tally.fail(
        `${at}: ${done.length} of ${AT_ONCE} were done, and one was answered ${(wrong ?? refused[0])?.status} ${(wrong ?? refused[0])?.code}.`,
      );
    }
  }

  private async effects({ effects: { event, where, value } }: Race): Promise<number> {
    // What names a person is sealed in the log: the account is found by what it shows.
    const found =
      where === 'email'
        ? `select 1 from es.event e join accounts.account_details a on a.id = e.stream_id where e.event_type = $1 and $2 = 'email' and a.email = $3`
        : `select 1 from es.event where event_type = $1 and payload ->> $2 = $3`;
    return (await this.platform.database.query(found, [event, where, value])).length;
  }

  /** What the gateway took must be what was invoiced, each invoice once. */
  private async checkGateway(): Promise<void> {
    const answer = await fetch(`${this.platform.simulator.url}/_simulator/state`);
    const { payment_intents: intents } = (await answer.json()) as {
      payment_intents: { capturedCharges: number; metadata: { invoiceId: string } }[];
    };
    const times = new Map<string, number>();
    for (const { capturedCharges, metadata } of intents)
      times.set(metadata.invoiceId, (times.get(metadata.invoiceId) ?? 0) + capturedCharges);
    const invoices = await this.platform.database.query<{ id: string }>('select id from invoicing.invoice_details');
    for (const { id } of invoices) if (times.get(id) !== 1) this.tally.fail(`The invoice ${id} was charged ${times.get(id) ?? 0} times.`);
    if (times.size !== invoices.length)
      this.tally.fail(`The gateway has charged ${times.size} invoices, and there are ${invoices.length}.`);
  }
}
