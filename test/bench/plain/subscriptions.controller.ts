import { createHash } from 'node:crypto';
import { Body, ConflictException, Controller, Headers, NotFoundException, Post } from '@nestjs/common';
import { IsInt, IsObject, IsOptional, IsString, IsUUID, Max, Min } from 'class-validator';
import { DataSource, type EntityManager } from 'typeorm';
import {
  Account,
  IdempotencyKey,
  Invoice,
  InvoiceLine,
  Job,
  LedgerPosting,
  NumberSeries,
  Payment,
  Plan,
  RecordedEvent,
  Subscription,
  Timer,
} from './entities.js';

export class NewSubscription {
  @IsUUID()
  accountId!: string;

  @IsString()
  planCode!: string;

  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  quantity?: number;

  @IsOptional()
  @IsObject()
  metadata?: Record<string, string>;
}

/**
 * The same request as a service without an engine answers it: one transaction, every row read and saved through its
 * repository. It keeps the same promises, a gapless number and a repeatable request among them, and nothing is chained.
 */
@Controller('v1/subscriptions')
export class SubscriptionsController {
  constructor(private readonly dataSource: DataSource) {}

  @Post()
  async start(@Body() body: NewSubscription, @Headers('idempotency-key') key: string): Promise<object> {
    const requestHash = createHash('sha256').update(JSON.stringify(body)).digest('hex');
    return this.dataSource.transaction(async (manager) => {
      const keys = manager.getRepository(IdempotencyKey);
      const known = await keys.findOneBy({ key });
      if (known && known.requestHash !== requestHash) throw new ConflictException('The key belongs to another request.');
      if (known?.answer) return known.answer;
      const claimed = await keys.save(keys.create({ key, requestHash, answer: null }));
      const answer = await subscribe(manager, body);
      claimed.answer = answer;
      await keys.save(claimed);
      return answer;
    });
  }
}

async function subscribe(manager: EntityManager, { accountId, planCode, quantity = 1, metadata = {} }: NewSubscription): Promise<object> {
  const account = await manager.getRepository(Account).findOneBy({ id: accountId, closed: false });
  if (!account) throw new NotFoundException(`There is no account ${accountId}.`);
  const plan = await manager.getRepository(Plan).findOneBy({ code: planCode, active: true });
  if (!plan) throw new NotFoundException(`There is no plan ${planCode}.`);

  const start = new Date();
  const end = new Date(start);
  end.setUTCMonth(end.getUTCMonth() + 1);
  const subscriptions = manager.getRepository(Subscription);
  const subscription = await subscriptions.save(
    subscriptions.create({
      accountId,
      planId: plan.id,
      status: 'active',
      quantity,
      currentPeriodStart: start,
      currentPeriodEnd: end,
      metadata,
    }),
  );
  const timers = manager.getRepository(Timer);
  await timers.save(timers.create({ subscriptionId: subscription.id, name: 'renewal', dueAt: end }));
  await record(manager, subscription.id, 'SubscriptionStarted', { accountId, planId: plan.id, quantity, startedAt: start });
  await record(manager, subscription.id, 'BillingCycleAnchored', { accountId, anchor: start });
  await record(manager, subscription.id, 'PeriodStarted', {
    accountId,
    planId: plan.id,
    period: { start, end },
    amount: plan.amount * quantity,
  });

  const invoice = await issue(manager, subscription, plan);
  return { ...subscription, latestInvoice: { id: invoice.id, number: invoice.number, total: invoice.total, status: invoice.status } };
}

async function issue(
  manager: EntityManager,
  { id: subscriptionId, accountId, quantity, currentPeriodStart }: Subscription,
  plan: Plan,
): Promise<Invoice> {
  const total = plan.amount * quantity;
  const { currency } = plan;
  const invoices = manager.getRepository(Invoice);
  const dueAt = new Date(currentPeriodStart.getTime() + 14 * 86_400_000);
  const number = await nextNumber(manager);
  const invoice = await invoices.save(
    invoices.create({ number, accountId, subscriptionId, status: 'open', currency, total, due: total, dueAt }),
  );
  const lines = manager.getRepository(InvoiceLine);
  await lines.save(lines.create({ invoice, description: plan.code, quantity, amount: total }));
  const payments = manager.getRepository(Payment);
  const payment = await payments.save(payments.create({ invoiceId: invoice.id, accountId, status: 'pending', amount: total, currency }));
  const postings = manager.getRepository(LedgerPosting);
  const accounts = { creditAccount: `deferred-revenue:${plan.id}`, debitAccount: `receivable:${accountId}` };
  await postings.save(postings.create({ invoiceId: invoice.id, ...accounts, amount: total, currency }));
  await record(manager, invoice.id, 'InvoiceIssued', {
    accountId,
    subscriptionId,
    number,
    total,
    currency,
    dueAt,
    lines: [{ description: plan.code, quantity, amount: total }],
  });
  await record(manager, payment.id, 'PaymentRequested', { accountId, invoiceId: invoice.id, amount: total, currency });
  const jobs = manager.getRepository(Job);
  await jobs.save(jobs.create({ kind: 'payments.collect', payload: { paymentId: payment.id } }));
  return invoice;
}

async function record(manager: EntityManager, subjectId: string, type: string, payload: object): Promise<void> {
  const events = manager.getRepository(RecordedEvent);
  await events.save(events.create({ subjectId, type, payload }));
}

/** Gapless, so the row stays locked until the commit. */
async function nextNumber(manager: EntityManager): Promise<string> {
  const series = manager.getRepository(NumberSeries);
  const row = await series.findOneOrFail({ where: { name: 'INV' }, lock: { mode: 'pessimistic_write' } });
  row.last += 1;
  await series.save(row);
  return `INV-${String(row.last).padStart(6, '0')}`;
}
