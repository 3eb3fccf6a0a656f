import { InvoiceIssued } from '#invoicing/contract.js';
import { derivedId, type InvoiceId, type SubscriptionId } from '#kernel/ids.js';
import { type Instant, instant } from '#kernel/instant.js';
import { rowById } from '#platform/sql/row-query.js';
import { ReadModelStage } from '../../../../../test/support/read-model-stage.js';
import { CancellationScheduled, type SubscriptionEvent, subscriptionEvents } from '../../subscription/subscription.events.js';
import {
  aCanceled,
  accountId,
  anActive,
  aTrial,
  canceled,
  ended,
  january31,
  period,
  planId,
  started,
} from '../../subscription/subscription.examples.js';
import { subscriptionDetails } from './subscription-details.projection.js';
import { type SubscriptionRow, subscriptionRows, subscriptionView } from './subscription-details.query.js';

const recordedAt = instant('2026-01-31T15:00:01Z');
const endOfFebruary = instant('2026-02-28T15:00:00Z');

let stage: ReadModelStage;
beforeAll(async () => {
  stage = await ReadModelStage.hearing(subscriptionDetails, [...subscriptionEvents, InvoiceIssued]);
  stage.setClock(recordedAt);
});
afterAll(() => stage.close());

let told = 0;

/** The examples are of one subscription; each case tells them of another. */
function nextId(): SubscriptionId {
  told += 1;
  return derivedId(accountId, `subscription ${told}`);
}

async function tell(subscriptionId: SubscriptionId, events: readonly SubscriptionEvent[]): Promise<void> {
  for (const event of events) {
    const declared = event.constructor as new (data: object) => SubscriptionEvent;
    await stage.tell(subscriptionId, new declared({ ...event.data, subscriptionId }));
  }
}

async function shown(subscriptionId: SubscriptionId) {
  const row = await rowById<SubscriptionRow>(stage.database, subscriptionRows, subscriptionId);
  return { ...subscriptionView(row!), etag: row!.version };
}

async function shownAfter(events: readonly SubscriptionEvent[]) {
  const id = nextId();
  await tell(id, events);
  return shown(id);
}

const asStarted = {
  ...{
    accountId,
    planId,
    planVersion: 1,
    quantity: 1,
    items: [],
    currency: 'USD',
    metadata: {},
    createdAt: recordedAt,
    startedAt: january31,
  },
  ...{ anchor: null, cancelAtPeriodEnd: false, endsAt: null, canceledAt: null, latestInvoiceId: null, externalId: null },
  ...{ scheduledChange: null, pausedAt: null, pauseResumesAt: null },
};

describe('A subscription as it is shown', () => {
  it('begins with SubscriptionStarted', async () => {
    const view = await shownAfter([started()]);
    const current = { status: 'active', trialEnd: null, currentPeriodStart: january31, currentPeriodEnd: null };
    expect(view).toEqual({ id: view.id, ...asStarted, ...current, etag: '1' });
  });

  it('begins with its trial, where SubscriptionStarted has one', async () => {
    const view = await shownAfter(aTrial());
    const trialEnd = instant('2026-02-14T15:00:00Z');
    const current = { status: 'trialing', trialEnd, currentPeriodStart: january31, currentPeriodEnd: trialEnd };
    expect(view).toEqual({ id: view.id, ...asStarted, ...current, etag: '1' });
  });

  it('is active with an anchor from the PeriodStarted that begins a cycle', async () => {
    const trialEnd = instant('2026-02-14T15:00:00Z');
    expect(await shownAfter([...aTrial(), period(1, trialEnd)])).toMatchObject({
      ...{ status: 'active', anchor: { local: '2026-02-14T10:00:00.000', timeZone: 'America/New_York', anchorDay: null } },
      ...{ trialEnd, etag: '2' },
    });
  });

  it('is in the period of the last PeriodStarted', async () => {
    expect(await shownAfter(anActive())).toMatchObject({ currentPeriodStart: january31, currentPeriodEnd: endOfFebruary, etag: '2' });
    expect(await shownAfter([...anActive(), ended(1), period(2)])).toMatchObject({
      currentPeriodStart: endOfFebruary,
      currentPeriodEnd: instant('2026-03-31T14:00:00Z'),
      etag: '4',
    });
  });

  it('names its end after CancellationScheduled, and runs on until then', async () => {
    const id = nextId();
    await tell(id, [...anActive(), new CancellationScheduled({ subscriptionId: id, accountId, endsAt: endOfFebruary })]);
    expect(await shown(id)).toMatchObject({
      status: 'active',
      cancelAtPeriodEnd: true,
      endsAt: endOfFebruary,
      canceledAt: null,
      etag: '3',
    });
    await tell(id, [ended(1, 'canceled'), canceled(endOfFebruary, 'at-period-end')]);
    expect(await shown(id)).toMatchObject({ status: 'canceled', cancelAtPeriodEnd: true, canceledAt: endOfFebruary, etag: '5' });
  });

  it('does not say that it ends with its period where a later decision has ended it now', async () => {
    const id = nextId();
    const scheduled = new CancellationScheduled({ subscriptionId: id, accountId, endsAt: endOfFebruary });
    await tell(id, [...anActive(), scheduled, canceled(instant('2026-02-10T00:00:00Z'))]);
    expect(await shown(id)).toMatchObject({ status: 'canceled', cancelAtPeriodEnd: false, endsAt: instant('2026-02-10T00:00:00Z') });
  });

  it('has ended after SubscriptionCanceled', async () => {
    const canceledAt: Instant = instant('2026-02-10T00:00:00Z');
    expect(await shownAfter(aCanceled())).toMatchObject({ status: 'canceled', canceledAt, endsAt: canceledAt, etag: '4' });
  });

  it('names the latest invoice after InvoiceIssued, which is no change of its own stream', async () => {
    const id = nextId();
    await tell(id, anActive());
    const another = nextId();
    await tell(another, anActive());
    const invoiceId: InvoiceId = derivedId(id, 'an invoice');
    const lines = [id, another, id, null].map((subscriptionId) => ({ subscriptionId }));
    await stage.tell(invoiceId, new InvoiceIssued({ invoiceId, accountId, lines } as unknown as InvoiceIssued['data']));
    expect(await shown(id)).toMatchObject({ latestInvoiceId: invoiceId, etag: '2' });
    expect(await shown(another)).toMatchObject({ latestInvoiceId: invoiceId, etag: '2' });
  });

  it('is the same when it is built anew from its events', async () => {
    const rows = await stage.database.query('select id from subscriptions.subscription_details');
    expect(rows).toHaveLength(told);
    expect(await stage.deviations(subscriptionDetails)).toEqual([]);
  });
});
