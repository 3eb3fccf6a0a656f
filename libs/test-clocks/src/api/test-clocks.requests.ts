import { Optional } from '#platform/http/field-rule.js';
import { IsFlagText, IsInstant } from '#platform/http/validators.js';
import { Input } from '#platform/openapi/input.js';

export class NewTestClock {
  @Input({ example: '2026-01-31T12:00:00Z', description: 'Where the clock stands at first.' })
  @IsInstant()
  now!: string;
}

export class Advance {
  @Input({ example: '2027-01-31T12:00:00Z', description: 'After its `now`, by at most ten years.' })
  @IsInstant()
  to!: string;
}

export class AdvanceAnswer {
  @Input({ default: false, description: 'Answer when the clock has arrived, or after ten minutes as far as it has come.' })
  @Optional()
  @IsFlagText()
  wait?: string;
}
