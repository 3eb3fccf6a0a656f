import { ChangeAccount } from '#accounts/account/change-account.js';
import { CloseAccount } from '#accounts/account/close-account.js';
import { CreateAccount } from '#accounts/account/create-account.js';
import { PublishPlan } from '#catalog/plan/publish-plan.js';
import { RevisePlan } from '#catalog/plan/revise-plan.js';
import type { AnyCommand } from '#event-sourcing/command.js';
import type { Currency } from '#kernel/currency.js';
import { type AccountId, hashedId, type PlanId, type SubscriptionId } from '#kernel/ids.js';
import { type Instant, instant, plusMs } from '#kernel/instant.js';
import { timeZone } from '#kernel/time-zone.js';
import { CancelSubscription } from '#subscriptions/subscription/cancel-subscription.js';
import { StartSubscription } from '#subscriptions/subscription/start-subscription.js';
import type { SeededChance } from '../reliability/seeded-chance.js';

/** What customers do at one moment; then everything is billed that is due by then. */
export interface Moment {
  readonly now: Instant;
  readonly commands: readonly AnyCommand[];
  /** Accounts whose billing terms get lost: their subscriptions cannot be billed any more. */
  readonly broken: readonly AccountId[];
}

export const START = instant('2026-01-31T15:00:00Z');
export const BUCKETS = [7, 8, 200] as const;
const DAY_MS = 86_400_000;
const MOMENTS = 8;
const ZONES = ['America/New_York', 'Europe/Berlin', 'Asia/Tokyo', 'Pacific/Apia', 'UTC'];
const CURRENCIES: readonly Currency[] = ['USD', 'EUR', 'JPY'];
const meta = { actor: 'spec', correlationId: 'spec' };

/** Customers of many kinds, and what they do over about a year: the same for the same chance. */
export function randomPortfolio(chance: SeededChance): Moment[] {
  const customers = new Customers(chance);
  let now = START;
  return Array.from({ length: MOMENTS }, (_, index): Moment => {
    if (index > 0) now = plusMs(now, chance.between(1, 60) * DAY_MS + chance.between(0, DAY_MS));
    const commands = index === 0 ? customers.plans() : [];
    for (let left = chance.between(3, 8); left > 0; left -= 1) commands.push(...customers.something(index));
    return { now, commands, broken: index === 3 ? customers.someAccounts() : [] };
  });
}

class Customers {
  private readonly planIds: PlanId[] = [];
  private readonly accountIds: AccountId[] = [];
  private readonly subscriptionIds: SubscriptionId[] = [];
  private made = 0;

  constructor(private readonly chance: SeededChance) {}

  plans(): AnyCommand[] {
    return Array.from({ length: 4 }, () => this.publishPlan());
  }

  someAccounts(): AccountId[] {
    return this.accountIds.filter((_, index) => index % 4 === 0);
  }

  something(moment: number): AnyCommand[] {
    const choice = this.chance.next();
    if (moment === 0 || choice < 0.3) return this.customer();
    if (choice < 0.5) return [this.startSubscription(this.chance.oneOf(this.accountIds))];
    if (choice < 0.7) {
      const subscriptionId = this.chance.oneOf(this.subscriptionIds);
      return [new CancelSubscription({ subscriptionId, ends: this.chance.oneOf(['now', 'at-period-end']) }, meta)];
    }
    if (choice < 0.8) {
      const changes = { name: `Renamed ${moment}`, country: this.chance.oneOf(['US', 'DE', 'JP']) };
      return [new ChangeAccount({ accountId: this.chance.oneOf(this.accountIds), changes }, meta)];
    }
    if (choice < 0.9) return [new CloseAccount({ accountId: this.chance.oneOf(this.accountIds) }, meta)];
    return [
      new RevisePlan({ planId: this.chance.oneOf(this.planIds), changes: { name: `Revised ${moment}`, prices: this.prices() } }, meta),
    ];
  }

  private publishPlan(): AnyCommand {
    const planId = hashedId<'plan'>(this.name('plan'), this.chance.oneOf(BUCKETS));
    this.planIds.push(planId);
    const [unit, most] = this.chance.oneOf([
      ['day', 20],
      ['week', 4],
      ['month', 3],
      ['year', 1],
    ] as const);
    return new PublishPlan(
      {
        planId,
        code: `plan-${this.made}`,
        name: `Plan ${this.made}`,
        interval: { unit, count: this.chance.between(1, most) },
        trialDays: this.chance.oneOf([0, 0, 14]),
        prices: this.prices(),
        metadata: {},
      },
      meta,
    );
  }

  private prices() {
    const amount = () => String(this.chance.between(0, 9_999));
    const inEach = <Terms>(terms: () => Terms) => Object.fromEntries(CURRENCIES.map((currency) => [currency, terms()]));
    const sold = { taxCode: null, taxBehavior: 'exclusive' } as const;
    // What is not used costs the first tier's fee.
    const calls = { ...sold, kind: 'usage', billing: 'arrears', meter: { metric: 'calls', aggregation: 'sum' } } as const;
    const tiers = () => [{ upTo: null, unitAmount: '0.5', flatAmount: amount() }];
    const metered = (code: string) => ({ ...calls, code, model: 'graduated', currencies: inEach(() => ({ tiers: tiers() })) }) as const;
    const price = (code: string, isPerUnit: boolean) => {
      const shared = { ...sold, code, kind: 'recurring', billing: 'advance' } as const;
      return !isPerUnit
        ? ({ ...shared, model: 'flat', currencies: inEach(() => ({ amount: amount() })) } as const)
        : ({ ...shared, model: 'perUnit', currencies: inEach(() => ({ unitAmount: `${amount()}.5` })) } as const);
    };
    // The first one takes a quantity, as subscriptions here have one.
    return Array.from({ length: this.chance.between(1, 3) }, (_, index) => {
      const code = `price-${index}`;
      return index > 0 && this.chance.next() < 0.4 ? metered(code) : price(code, index === 0 || this.chance.next() < 0.5);
    });
  }

  private customer(): AnyCommand[] {
    const accountId = hashedId<'account'>(this.name('account'), this.chance.oneOf(BUCKETS));
    this.accountIds.push(accountId);
    const card = { type: 'card', brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030 } as const;
    const account = new CreateAccount(
      {
        accountId,
        email: 'customer@example.com',
        name: 'Customer',
        currency: this.chance.oneOf(CURRENCIES),
        timeZone: timeZone(this.chance.oneOf(ZONES)),
        locale: null,
        country: 'US',
        region: null,
        address: null,
        taxIds: [],
        taxExempt: false,
        externalId: null,
        metadata: {},
        testClockId: null,
        paymentMethod:
          this.chance.next() < 0.2
            ? null
            : { ...card, gateway: { name: 'stripe', customerId: `cus_${accountId}`, methodId: `pm_${accountId}` } },
      },
      meta,
    );
    return [account, ...Array.from({ length: this.chance.between(1, 3) }, () => this.startSubscription(accountId))];
  }

  private startSubscription(accountId: AccountId): AnyCommand {
    const subscriptionId = hashedId<'subscription'>(this.name('subscription'), Number.parseInt(accountId.slice(34), 16));
    this.subscriptionIds.push(subscriptionId);
    return new StartSubscription(
      {
        subscriptionId,
        accountId,
        planId: this.chance.oneOf(this.planIds),
        quantity: this.chance.between(1, 5),
        trialDays: this.chance.oneOf([null, null, 0, 10]),
        startAt: null,
        anchorDay: this.chance.oneOf([null, null, 28, 31]),
        metadata: {},
      },
      meta,
    );
  }

  private name(kind: string): string {
    this.made += 1;
    return `${kind}/${this.made}`;
  }
}
