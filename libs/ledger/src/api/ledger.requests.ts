import { Optional } from '#platform/http/field-rule.js';
import { PageRequest } from '#platform/http/page.js';
import { IsChoice } from '#platform/http/text-validators.js';
import { IsInstant } from '#platform/http/validators.js';
import { Input } from '#platform/openapi/input.js';

export const journalFormats = ['json', 'csv', 'hledger'] as const;
export type JournalFormat = (typeof journalFormats)[number];

export class BalanceDate {
  @Input({ description: 'Counts what took effect up to and at this instant; everything when left out.' })
  @Optional()
  @IsInstant()
  at?: string;
}

export class JournalSelection extends PageRequest {
  @Input({ description: 'What took effect from this instant on.' })
  @Optional()
  @IsInstant()
  from?: string;

  @Input({ description: 'What took effect before this instant.' })
  @Optional()
  @IsInstant()
  to?: string;

  @Input({ default: 'json', description: 'JSON comes in pages, the others whole.' })
  @Optional()
  @IsChoice(journalFormats)
  format?: JournalFormat;
}
