import { Readable } from 'node:stream';
import { Controller, Get, Inject, Query, StreamableFile } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse, ApiOperation, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { Database } from '#event-sourcing/sql.js';
import { type Instant, instant, laterOf } from '#kernel/instant.js';
import { pageOf, pageSchema, pageWindow } from '#platform/http/page.js';
import { ApiProblem } from '#platform/openapi/api-problem.js';
import { restForm } from '#platform/views/rest-form.js';
import { csvJournal } from '../journal/csv-journal.js';
import { hledgerJournal } from '../journal/hledger-journal.js';
import type { JournalEntry, JournalRange, JournalWriter } from '../journal/journal.js';
import { entryPosition, journalEntries, wholeJournal } from '../journal/journal.query.js';
import { trialBalanceOf } from '../trial-balance/trial-balance.js';
import { accountSums } from '../trial-balance/trial-balance.query.js';
import { JournalEntryView, TrialBalanceView } from './ledger.query.js';
import { journalNotPaged, journalRangeEmpty } from './ledger.refusals.js';
import { BalanceDate, type JournalFormat, JournalSelection } from './ledger.requests.js';

interface TextFormat {
  readonly type: string;
  readonly fileName: string;
  readonly writer: () => JournalWriter;
}

const textFormats: Readonly<Record<Exclude<JournalFormat, 'json'>, TextFormat>> = {
  csv: { type: 'text/csv; charset=utf-8; header=present', fileName: 'journal.csv', writer: csvJournal },
  hledger: { type: 'text/plain; charset=utf-8', fileName: 'perennial.journal', writer: hledgerJournal },
};

@ApiTags('Ledger')
@Controller('v1/ledger')
export class LedgerController {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Get('trial-balance')
  @ApiOperation({
    operationId: 'getTrialBalance',
    summary: 'The trial balance',
    description: 'Debits and credits of every ledger account by currency, at any instant.',
  })
  @ApiOkResponse({ type: TrialBalanceView })
  async trialBalance(@Query() query: BalanceDate): Promise<unknown> {
    const at = instantFrom(query.at, '/at');
    const currencies = trialBalanceOf(await accountSums(this.database, at));
    return restForm({ at, balanced: currencies.every(({ balanced }) => balanced), currencies });
  }

  @Get('journal')
  @ApiOperation({
    operationId: 'getJournal',
    summary: 'The journal, in order of effective time',
    description: 'As JSON in pages, or whole as CSV (RFC 4180) or in the plain text format that hledger and ledger read.',
  })
  @ApiExtraModels(pageSchema(JournalEntryView))
  @ApiOkResponse({
    content: {
      'application/json': { schema: { $ref: getSchemaPath(pageSchema(JournalEntryView)) } },
      'text/csv': { schema: { type: 'string' } },
      'text/plain': { schema: { type: 'string' } },
    },
  })
  @ApiProblem(journalRangeEmpty, journalNotPaged, 'limit_invalid', 'cursor_invalid')
  async journal(@Query() { format = 'json', limit, cursor, ...given }: JournalSelection): Promise<unknown> {
    const range = { from: instantFrom(given.from, '/from'), to: instantFrom(given.to, '/to') };
    if (range.from && range.to && range.from >= range.to) throw journalRangeEmpty('The range ends before it begins.', { pointer: '/to' });
    if (format !== 'json') {
      const pointer = limit === undefined ? '/cursor' : '/limit';
      if (limit !== undefined || cursor !== undefined) throw journalNotPaged(`The format ${format} is answered whole.`, { pointer });
      return this.file(range, textFormats[format]);
    }
    const window = pageWindow({ limit, cursor }, { list: 'journal', ...range });
    const entries = await journalEntries(this.database, range, window.after, window.fetch);
    return restForm(pageOf(entries, window, entryPosition, (entry) => entry));
  }

  private async file(range: JournalRange, { type, fileName, writer }: TextFormat): Promise<StreamableFile> {
    const pages = wholeJournal(this.database, range);
    // Read before the answer begins, so that a failure at the start still is a problem document; a later one breaks the answer off.
    const first = await pages.next();
    const text = textOf(first.done ? [] : first.value, pages, writer());
    return new StreamableFile(Readable.from(text, { highWaterMark: 1 }), { type, disposition: `attachment; filename="${fileName}"` });
  }
}

async function* textOf(
  first: readonly JournalEntry[],
  rest: AsyncIterable<readonly JournalEntry[]>,
  writer: JournalWriter,
): AsyncGenerator<string> {
  yield writer.header + writer.write(first);
  for await (const entries of rest) yield writer.write(entries);
}

/** PostgreSQL has no year 0, in which nothing took effect either. */
const dawn = instant('0001-01-01T00:00:00Z');

/** A parameter that is not given may also be null. */
function instantFrom(text: string | null | undefined, pointer: string): Instant | null {
  return text === undefined || text === null ? null : laterOf(instant(text, pointer), dawn);
}
