import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { PageRequest } from '#platform/http/page.js';
import { IsInstant } from '#platform/http/validators.js';

export const journalFormats = ['json', 'csv', 'hledger'] as const;
export type JournalFormat = (typeof journalFormats)[number];

export class BalanceDate {
  @ApiPropertyOptional({
    type: String,
    format: 'date-time',
    description: 'Counts what took effect up to and at this instant; everything when left out.',
  })
  @IsOptional()
  @IsInstant()
  at?: string;
}

export class JournalSelection extends PageRequest {
  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'What took effect from this instant on.' })
  @IsOptional()
  @IsInstant()
  from?: string;

  @ApiPropertyOptional({ type: String, format: 'date-time', description: 'What took effect before this instant.' })
  @IsOptional()
  @IsInstant()
  to?: string;

  @ApiPropertyOptional({ type: String, enum: [...journalFormats], default: 'json', description: 'JSON comes in pages, the others whole.' })
  @IsOptional()
  @IsIn([...journalFormats])
  format?: JournalFormat;
}
