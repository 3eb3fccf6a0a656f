import {
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  OneToMany,
  PrimaryColumn,
  PrimaryGeneratedColumn,
  type Relation,
} from 'typeorm';

const cents = { from: (text: string | null) => (text === null ? null : Number(text)), to: (value: number | null) => value };

@Entity('account')
export class Account {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('text')
  email!: string;

  @Column('text')
  currency!: string;

  @Column('text')
  timeZone!: string;

  @Column('text')
  gatewayMethodId!: string;

  @Column('boolean', { default: false })
  closed!: boolean;
}

@Entity('plan')
export class Plan {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Index({ unique: true })
  @Column('text')
  code!: string;

  @Column('bigint', { transformer: cents })
  amount!: number;

  @Column('text')
  currency!: string;

  @Column('boolean', { default: true })
  active!: boolean;
}

@Entity('subscription')
export class Subscription {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Index()
  @Column('uuid')
  accountId!: string;

  @Column('uuid')
  planId!: string;

  @Column('text')
  status!: string;

  @Column('integer')
  quantity!: number;

  @Column('timestamptz')
  currentPeriodStart!: Date;

  @Column('timestamptz')
  currentPeriodEnd!: Date;

  @Column('jsonb')
  metadata!: Record<string, string>;

  @Index()
  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;
}

@Entity('invoice')
export class Invoice {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('text')
  number!: string;

  @Index()
  @Column('uuid')
  accountId!: string;

  @Index()
  @Column('uuid')
  subscriptionId!: string;

  @Column('text')
  status!: string;

  @Column('text')
  currency!: string;

  @Column('bigint', { transformer: cents })
  total!: number;

  @Column('bigint', { transformer: cents })
  due!: number;

  @Column('timestamptz')
  dueAt!: Date;

  @Index()
  @CreateDateColumn({ type: 'timestamptz' })
  issuedAt!: Date;

  @OneToMany(
    () => InvoiceLine,
    ({ invoice }) => invoice,
  )
  lines!: Relation<InvoiceLine[]>;
}

@Entity('invoice_line')
export class InvoiceLine {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Index()
  @ManyToOne(
    () => Invoice,
    ({ lines }) => lines,
  )
  @JoinColumn()
  invoice!: Relation<Invoice>;

  @Column('text')
  description!: string;

  @Column('integer')
  quantity!: number;

  @Column('bigint', { transformer: cents })
  amount!: number;
}

@Entity('payment')
@Index(['invoiceId'], { unique: true, where: `status in ('pending', 'processing', 'unknown')` })
export class Payment {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('uuid')
  invoiceId!: string;

  @Index()
  @Column('uuid')
  accountId!: string;

  @Column('text')
  status!: string;

  @Column('bigint', { transformer: cents })
  amount!: number;

  @Column('text')
  currency!: string;

  @Index()
  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;
}

@Entity('ledger_posting')
export class LedgerPosting {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Index()
  @Column('uuid')
  invoiceId!: string;

  @Column('text')
  creditAccount!: string;

  @Column('text')
  debitAccount!: string;

  @Column('bigint', { transformer: cents })
  amount!: number;

  @Column('text')
  currency!: string;
}

/** What happened, for audits and for those who follow it. */
@Entity('event')
export class RecordedEvent {
  @PrimaryGeneratedColumn({ type: 'bigint' })
  position!: string;

  @Index()
  @Column('uuid')
  subjectId!: string;

  @Column('text')
  type!: string;

  @Column('jsonb')
  payload!: object;

  @CreateDateColumn({ type: 'timestamptz' })
  recordedAt!: Date;
}

@Entity('timer')
export class Timer {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('uuid')
  subscriptionId!: string;

  @Column('text')
  name!: string;

  @Index()
  @Column('timestamptz')
  dueAt!: Date;
}

@Entity('job')
export class Job {
  @PrimaryGeneratedColumn('uuid')
  id!: string;

  @Column('text')
  kind!: string;

  @Column('jsonb')
  payload!: object;

  @Column('text', { default: 'pending' })
  state!: string;

  @Index()
  @CreateDateColumn({ type: 'timestamptz' })
  runAt!: Date;
}

@Entity('number_series')
export class NumberSeries {
  @PrimaryColumn('text')
  name!: string;

  @Column('bigint', { transformer: cents })
  last!: number;
}

@Entity('idempotency_key')
export class IdempotencyKey {
  @PrimaryColumn('text')
  key!: string;

  @Column('text')
  requestHash!: string;

  @Column('jsonb', { nullable: true })
  answer!: object | null;

  @CreateDateColumn({ type: 'timestamptz' })
  createdAt!: Date;
}

export const entities = [
  Account,
  Plan,
  Subscription,
  Invoice,
  InvoiceLine,
  Payment,
  LedgerPosting,
  RecordedEvent,
  Timer,
  Job,
  NumberSeries,
  IdempotencyKey,
];
