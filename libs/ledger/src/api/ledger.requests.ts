import { ApiPropertyOptional } from '@nestjs/swagger';
import { Optional } from '#platform/http/field-rule.js';
import { PageRequest } from '#platform/http/page.js';
import { IsChoice } from '#platform/http/text-validators.js';
import { IsInstant } from '#platform/http/validators.js';

export const journalFormats = ['json', 'csv', 'hledger'] as const;
export type JournalFormat = (typeof journalFormats)[number];

export class BalanceDate {
  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description: 'Counts what took effect up to and at this instant; everything when left out.',
  })
  @Optional()
  @IsInstant()
  at?: string;
}

export class JournalSelection extends PageRequest {
  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'What took effect from this instant on.' })
  @Optional()
  @IsInstant()
  from?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'What took effect before this instant.' })
  @Optional()
  @IsInstant()
  to?: string;

  @ApiPropertyOptional({ type: String, enum: [...journalFormats], default: 'json', description: 'JSON comes in pages, the others whole.' })
  @Optional()
  @IsChoice(journalFormats)
  format?: JournalFormat;
}
