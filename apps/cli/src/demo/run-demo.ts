import { Presets, SingleBar } from 'cli-progress';
import { ApiClient, ApiFailure } from './api-client.js';
import { companyOf } from './companies.js';
import { type Customer, makeCustomer, plans } from './company.js';
import { Seeded } from './seeded.js';
import { worthALook } from './worth-a-look.js';

export interface DemoOptions {
  readonly customers: number;
  readonly months: number;
  /** The how-manieth company of this installation. */
  readonly number: number;
  readonly seed: number;
}

interface Created {
  readonly id: string;
}

/** So many requests are under way at once. */
const AT_ONCE = 8;
/** Of a customer and a month, as measured on two cores. */
const MS_EACH = 12;
const START = '2025-01-15T09:00:00Z';

/**
 * Makes a company with its history by real commands over REST, on a test clock: customers sign up through the months, are
 * billed, pay or fail to, and some leave. Answers what was made.
 */
export async function runDemo(target: { baseUrl: string; apiKey: string }, options: DemoOptions): Promise<string> {
  const api = new ApiClient(target.baseUrl, target.apiKey);
  const random = new Seeded(options.seed);
  const customers = Array.from({ length: options.customers }, (_, index) =>
    makeCustomer(random, index + 1, options.months, companyOf(options.number)),
  );
  for (const plan of plans) await publish(api, plan);
  const clock = await api.post<Created>('/v1/test-clocks', { now: START });
  const bar = new SingleBar(
    { format: '{bar} {percentage}% | {value}/{total} months | {customers} customers', hideCursor: true, etaBuffer: 3 },
    Presets.shades_classic,
  );
  const subscribed = new Map<Customer, string>();
  bar.start(options.months, 0, { customers: 0 });
  for (let month = 0; month < options.months; month += 1) {
    await inParallel(
      customers.filter(({ signsUpIn }) => signsUpIn === month),
      async (customer) => subscribed.set(customer, await signUp(api, customer, clock.id)),
    );
    bar.update(month, { customers: subscribed.size });
    await inParallel(
      [...subscribed].filter(([{ cancelsIn }]) => cancelsIn === month),
      async ([, subscriptionId]) => api.delete(`/v1/subscriptions/${subscriptionId}?atPeriodEnd=true`),
    );
    await api.post(`/v1/test-clocks/${clock.id}/advance?wait=true`, { to: monthsAfterStart(month + 1) });
    bar.update(month + 1);
  }
  bar.stop();
  return [await summary(api, subscribed.size), '', ...worthALook(target.baseUrl, [...subscribed.keys()])].join('\n');
}

/** A customer and a month take some milliseconds of two processors; said in words, since machines differ. */
export function expectedMinutes(customers: number, months: number): string {
  const minutes = (customers * months * MS_EACH) / 60_000;
  return `${minutes <= 1 ? 'about a minute' : `about ${Math.ceil(minutes)} minutes`}, longer on a busy machine`;
}

async function publish(api: ApiClient, plan: (typeof plans)[number]): Promise<void> {
  try {
    await api.post('/v1/plans', plan);
  } catch (error) {
    // A second demo in the same installation finds its plans there.
    if (!(error instanceof ApiFailure) || error.problem.code !== 'plan_code_taken') throw error;
  }
}

async function signUp(api: ApiClient, { account, planCode, quantity }: Customer, testClockId: string): Promise<string> {
  const { id: accountId } = await api.post<Created>('/v1/accounts', { ...account, testClockId });
  const { id } = await api.post<Created>('/v1/subscriptions', { accountId, planCode, quantity });
  return id;
}

function monthsAfterStart(months: number): string {
  return Temporal.Instant.from(START).toZonedDateTimeISO('UTC').add({ months }).toInstant().toString();
}

async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  const waiting = [...items];
  const lane = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
}

interface TrialBalance {
  readonly currencies: readonly {
    readonly currency: string;
    readonly totals: { readonly debit: { amount: number }; readonly credit: { amount: number } };
    readonly balanced: boolean;
  }[];
}

async function summary(api: ApiClient, customers: number): Promise<string> {
  const counts = { paid: await count(api, '/v1/invoices?status=paid'), open: await count(api, '/v1/invoices?status=open') };
  const failed = await count(api, '/v1/payments?status=failed');
  const canceled = await count(api, '/v1/subscriptions?status=canceled');
  const balance = await api.get<TrialBalance>('/v1/ledger/trial-balance');
  const rows = balance.currencies.map(
    ({ currency, totals: { debit, credit }, balanced }) =>
      `  ${currency}  debits ${String(debit.amount).padStart(14)}  credits ${String(credit.amount).padStart(14)}  ${balanced ? 'balanced' : 'NOT BALANCED'}`,
  );
  return [
    `${customers} customers, ${canceled} subscriptions canceled`,
    `${counts.paid + counts.open} invoices: ${counts.paid} paid, ${counts.open} open; ${failed} failed payments`,
    'Trial balance of the whole installation, in minor units:',
    ...rows,
  ].join('\n');
}

async function count(api: ApiClient, path: string): Promise<number> {
  let total = 0;
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: { data: unknown[]; nextCursor: string | null } = await api.get(
      `${path}&limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    total += page.data.length;
    cursor = page.nextCursor;
  }
  return total;
}
