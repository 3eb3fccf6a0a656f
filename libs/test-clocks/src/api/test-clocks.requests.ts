import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { IsInstant } from '#platform/http/validators.js';

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
  @IsOptional()
  @IsIn(['true', 'false'])
  wait?: string;
}
