import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Optional } from '#platform/http/field-rule.js';
import { IsFlagText, IsInstant } from '#platform/http/validators.js';

export class NewTestClock {
  @ApiProperty({ type: String, format: 'date-time', example: '2026-01-31T12:00:00Z', description: 'Where the clock stands at first.' })
  @IsInstant()
  now!: string;
}

export class Advance {
  @ApiProperty({
    type: String,
    format: 'date-time',
    example: '2027-01-31T12:00:00Z',
    description: 'After its `now`, by at most ten years.',
  })
  @IsInstant()
  to!: string;
}

export class AdvanceAnswer {
  @ApiPropertyOptional({
    type: Boolean,
    default: false,
    description: 'Answer when the clock has arrived, or after ten minutes as far as it has come.',
  })
  @Optional()
  @IsFlagText()
  wait?: string;
}
