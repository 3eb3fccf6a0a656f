import { Clock } from '#event-sourcing/clock.js';
import { faultPoints, installFaults } from '#kernel/fault-point.js';
import { fromEpochMs, type Instant, plusMs } from '#kernel/instant.js';
import { startPlatform, type TestPlatform } from '../../support/platform.js';
import { Story } from '../../support/story.js';
import { SeededChance } from '../seeded-chance.js';
import { booksDisagree } from './books-disagree.js';
import { type Carelessness, CollectingWorker } from './collecting-worker.js';
import { CountedStrikes } from './counted-strikes.js';

export interface PaymentsSuiteOptions {
  readonly seed: number;
  /** How many invoices are collected. */
  readonly size: number;
  readonly onProgress?: (done: number, failures: number) => void;
  /** What the controls take away. */
  readonly careless?: Carelessness;
}

export interface PaymentsSuiteResult {
  readonly suite: 'payments';
  readonly seed: number;
  readonly size: number;
  /** How often each kind of fault struck: the gateway's, the webhooks', and ours by the name of the point. */
  readonly faults: Readonly<Record<string, number>>;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly failures: readonly string[];
}

/** Each first one is there in every run, however small: a success, each way to fail, and a bank that wants the customer. */
const CARDS = [
  ...['pm_card_visa', 'pm_card_authenticationRequired', 'pm_card_chargeDeclinedInsufficientFunds', 'pm_card_chargeDeclinedLostCard'],
  ...['pm_card_visa', 'pm_card_visa', 'pm_card_mastercard', 'pm_card_visa', 'pm_card_amex', 'pm_card_visa', 'pm_card_visa', 'pm_card_visa'],
];
interface Wave {
  readonly invoiceIds: readonly string[];
  /** Of those whose card is good. */
  readonly accountIds: readonly string[];
}

const INVOICES_OF_AN_ACCOUNT = 4;
const ISSUING_AT_ONCE = 8;
const WAVE = 480;
const GOOD_ACCOUNTS_TO_AN_UNREACHABLE_ONE = 16;
const INVOICES_TO_A_RETRY = 15;
const FAULTY_ROUNDS = 6;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const DAYS = 8;

/**
 * Collects invoices through the real job and a gateway that fails in every way, with processes cut off at every point of the
 * protocol, webhooks lost and disordered, and two workers on the same job. Part of it lasts beyond the life of the gateway's
 * keys. Then all heals, and eight days pass: nobody was charged twice, nothing is unknown, and all books agree to the cent.
 */
export async function runPaymentsSuite(options: PaymentsSuiteOptions): Promise<PaymentsSuiteResult> {
  const platform = await startPlatform();
  const strikes = new CountedStrikes(options.seed);
  const disarm = installFaults(strikes);
  try {
    return await new PaymentsRun(options, platform, strikes).result();
  } finally {
    disarm();
    await platform.stop();
  }
}

class PaymentsRun {
  private readonly chance: SeededChance;
  private readonly worker: CollectingWorker;
  private readonly failures: string[] = [];
  private readonly startedAt: Instant;
  private readonly clock: Clock;
  private invoices = 0;

  constructor(
    private readonly options: PaymentsSuiteOptions,
    private readonly platform: TestPlatform,
    private readonly strikes: CountedStrikes,
  ) {
    this.strikes.striking = false;
    this.chance = new SeededChance(options.seed);
    this.worker = new CollectingWorker(platform, options.careless);
    this.clock = platform.app.get(Clock, { strict: false });
    this.startedAt = this.clock.now();
  }

  async result(): Promise<PaymentsSuiteResult> {
    const { seed, size, onProgress } = this.options;
    await new Story(this.platform).plan();
    while (this.invoices < size) {
      const wave = await this.issue(Math.min(WAVE, size - this.invoices));
      await this.faulty(wave);
      onProgress?.(this.invoices, this.failures.length);
    }
    await this.eightDays();
    this.failures.push(
      ...(await booksDisagree(this.platform, { from: plusMs(this.startedAt, -DAY_MS), to: plusMs(this.clock.now(), DAY_MS) })),
    );
    for (const point of faultPoints.filter((name) => name.startsWith('payments.'))) {
      if (!this.strikes.reached.has(point)) this.failures.push(`The point ${point} was never reached.`);
    }
    return { suite: 'payments', seed, size, faults: await this.faults(), outcomes: await this.outcomes(), failures: this.failures };
  }

  /** New accounts with some invoices each; nothing is asked of the gateway for them yet. */
  private async issue(count: number): Promise<Wave> {
    const story = new Story(this.platform);
    const issued: string[] = [];
    const accountIds: string[] = [];
    const tokens = Array.from({ length: Math.ceil(count / INVOICES_OF_AN_ACCOUNT) }, (_, index) =>
      index < CARDS.length ? CARDS[index]! : this.chance.oneOf(CARDS),
    );
    const one = async (): Promise<void> => {
      for (let token = tokens.pop(); token; token = tokens.pop()) {
        const { id } = await story.account({ paymentMethod: { token } });
        if (token === 'pm_card_visa') accountIds.push(id);
        for (let each = 0; each < INVOICES_OF_AN_ACCOUNT && issued.length < count; each += 1) {
          const { latestInvoiceId } = await story.subscription(id);
          issued.push(latestInvoiceId);
        }
      }
    };
    await Promise.all(Array.from({ length: ISSUING_AT_ONCE }, one));
    this.invoices += issued.length;
    return { invoiceIds: issued, accountIds };
  }

  /** Everything fails now and then; a day later, when the gateway's keys are gone, too. */
  private async faulty(wave: Wave): Promise<void> {
    await this.planFaults(wave.accountIds.filter((_, index) => index % GOOD_ACCOUNTS_TO_AN_UNREACHABLE_ONE === 0));
    this.strikes.striking = true;
    try {
      for (let round = 0; round < FAULTY_ROUNDS; round += 1) {
        if (round === FAULTY_ROUNDS - 2) await this.letPass(25 * HOUR_MS);
        await this.worker.workInTwo();
        await this.worker.sweep().catch(() => {});
        await this.askAgain(wave.invoiceIds);
      }
    } finally {
      this.strikes.striking = false;
      await this.control('DELETE', '/faults');
      await this.control('DELETE', '/webhooks/faults');
    }
  }

  private async planFaults(unreachable: readonly string[]): Promise<void> {
    const seed = () => this.chance.between(0, 2 ** 31);
    const lost = [
      'error_before',
      'error_after',
      'reset_before',
      'reset_after',
      'timeout_before',
      'timeout_after',
      'rate_limit',
      'key_in_use',
    ];
    for (const path of ['/v1/payment_intents', '/v1/payment_intents/*/confirm', '/v1/payment_intents/*/cancel']) {
      await this.control('POST', '/faults', { kinds: lost, probability: 0.45, seed: seed(), ms: 10, method: 'POST', path });
    }
    const reading = ['error_before', 'reset_before', 'rate_limit'];
    await this.control('POST', '/faults', { kinds: reading, probability: 0.25, seed: seed(), method: 'GET' });
    // Never confirmed until the keys are too old, so that the intent has to be taken back.
    for (const accountId of unreachable) {
      const path = '/v1/payment_intents/*/confirm';
      await this.control('POST', '/faults', { kind: 'error_before', times: null, path, metadata: { accountId } });
    }
    const webhooks = ['duplicate', 'late', 'out_of_order', 'drop'];
    await this.control('POST', '/webhooks/faults', { kinds: webhooks, probability: 0.5, seed: seed(), ms: 20 });
  }

  /** Somebody who asks for another attempt, also where the last one is unknown: then it must be refused. */
  private async askAgain(invoices: readonly string[]): Promise<void> {
    const asked = Array.from({ length: Math.max(8, Math.ceil(invoices.length / INVOICES_TO_A_RETRY)) }, () => this.chance.oneOf(invoices));
    const ask = async (invoiceId: string) => {
      const { status, body } = await this.platform.post('/v1/payments/retry', { invoiceId });
      if (![201, 409].includes(status)) this.failures.push(`A retry was answered with ${status}: ${JSON.stringify(body)}`);
    };
    await Promise.all(asked.map(ask));
  }

  /** Webhooks that are not delivered by now never are: the sweeps have to find their events. */
  private async eightDays(): Promise<void> {
    this.platform.simulator.setWebhook(null);
    for (let day = 0; day < DAYS; day += 1) {
      await this.letPass(DAY_MS);
      await this.worker.sweep();
      for (let round = 0; round < 12 && (await this.worker.left()) > 0; round += 1) await this.worker.work();
    }
  }

  private async letPass(ms: number): Promise<void> {
    const offsetMs = Date.parse(this.clock.now()) - Date.now() + ms;
    this.clock.now = () => fromEpochMs(Date.now() + offsetMs);
    await this.control('PUT', '/clock', { now: this.clock.now() });
  }

  private async faults(): Promise<Record<string, number>> {
    const { requestFaults, webhookFaults } = (await this.control('GET', '/stats')) as Record<string, Record<string, number>>;
    const named = Object.entries(webhookFaults!).map(([kind, times]) => [`webhook ${kind}`, times] as const);
    return { ...requestFaults, ...Object.fromEntries(named), ...Object.fromEntries(this.strikes.struck) };
  }

  private async outcomes(): Promise<Record<string, number>> {
    const rows = await this.platform.database.query<{ status: string; count: number }>(
      'select status, count(*)::integer as count from payments.payment_details group by status',
    );
    const [unknown] = await this.platform.database.query<{ count: number }>(
      `select count(*)::integer as count from es.event where event_type = 'PaymentOutcomeUnknown'`,
    );
    const { runs, lostLeases } = this.worker;
    return { ...Object.fromEntries(rows.map(({ status, count }) => [status, count])), onceUnknown: unknown!.count, runs, lostLeases };
  }

  private async control(method: string, path: string, body?: object): Promise<unknown> {
    const answer = await fetch(`${this.platform.simulator.url}/_simulator${path}`, { method, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  }
}
