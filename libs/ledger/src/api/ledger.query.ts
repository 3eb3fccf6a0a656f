import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { Currency } from '#kernel/currency.js';
import type { Instant } from '#kernel/instant.js';
import type { Money } from '#kernel/money.js';
import { MoneySumFields } from '#platform/http/money-fields.js';
import { MoneyView } from '#platform/views/money-view.js';
import type { JournalEntry, JournalPosting } from '../journal/journal.js';
import type { AccountBalance, CurrencyBalance } from '../trial-balance/trial-balance.js';

@ApiSchema({ name: 'LedgerTotals' })
class TotalsView {
  @ApiProperty({ type: MoneySumFields })
  debit!: Money;

  @ApiProperty({ type: MoneySumFields })
  credit!: Money;

  @ApiProperty({ type: MoneySumFields, description: 'Debit minus credit, so below zero where credits prevail.' })
  balance!: Money;
}

@ApiSchema({ name: 'LedgerAccountBalance' })
class AccountBalanceView extends TotalsView implements AccountBalance {
  @ApiProperty({ type: String, example: 'receivable:0190f0c8-1111-7000-8000-00000000002a' })
  account!: string;
}

@ApiSchema({ name: 'CurrencyBalance' })
class CurrencyBalanceView implements CurrencyBalance {
  @ApiProperty({ type: String, example: 'USD' })
  currency!: Currency;

  @ApiProperty({ type: [AccountBalanceView], description: 'Ordered by account.' })
  accounts!: AccountBalanceView[];

  @ApiProperty({ type: TotalsView })
  totals!: TotalsView;

  @ApiProperty({ type: Boolean, description: 'All debits equal all credits.' })
  balanced!: boolean;
}

@ApiSchema({ name: 'TrialBalance' })
export class TrialBalanceView {
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  at!: Instant | null;

  @ApiProperty({ type: Boolean, description: 'Every currency balances.' })
  balanced!: boolean;

  @ApiProperty({ type: [CurrencyBalanceView] })
  currencies!: readonly CurrencyBalance[];
}

@ApiSchema({ name: 'JournalPosting' })
class JournalPostingView implements JournalPosting {
  @ApiProperty({ type: String, example: 'receivable:0190f0c8-1111-7000-8000-00000000002a' })
  debitAccount!: string;

  @ApiProperty({ type: String, example: 'deferred-revenue:0190f0c8-2222-7000-8000-00000000002b' })
  creditAccount!: string;

  @ApiProperty({ type: MoneyView })
  amount!: Money;

  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'The line of an invoice that it is for.' })
  lineId!: JournalPosting['lineId'];
}

@ApiSchema({ name: 'JournalEntry' })
export class JournalEntryView implements JournalEntry {
  @ApiProperty({ type: String, format: 'uuid', description: 'The event that the entry follows from.' })
  id!: JournalEntry['id'];

  @ApiProperty({ type: String, format: 'date-time' })
  effectiveAt!: Instant;

  @ApiProperty({ type: [JournalPostingView] })
  postings!: JournalPostingView[];
}
