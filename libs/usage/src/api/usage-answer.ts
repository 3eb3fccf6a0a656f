import { ApiProperty, ApiSchema } from '@nestjs/swagger';
import type { Admission, ReportedUsage } from '#metering/admission.js';

export const usageStatuses = ['accepted', 'duplicate', 'refused'] as const;

@ApiSchema({ name: 'UsageResult' })
export class UsageResultView {
  @ApiProperty({ type: String, example: 'node-7/4711' })
  idempotencyKey!: string;

  @ApiProperty({ enum: usageStatuses, description: 'A duplicate was counted before, and is counted once.' })
  status!: (typeof usageStatuses)[number];

  @ApiProperty({
    type: String,
    required: false,
    example: 'usage_window_closed',
    description: 'Why it is refused: a code of /docs/problems.',
  })
  code?: string;

  @ApiProperty({
    type: String,
    required: false,
    example: 'What was used before 2026-04-01T00:00:00.000Z was accepted until 2026-04-08T00:00:00.000Z.',
  })
  detail?: string;

  @ApiProperty({
    type: String,
    required: false,
    example: 'Report usage within seven days after the end of its period. Bill what came too late with POST /v1/invoices.',
  })
  hint?: string;
}

@ApiSchema({ name: 'UsageResults' })
export class UsageResultsView {
  @ApiProperty({ type: [UsageResultView], description: 'In the order of the events.' })
  results!: UsageResultView[];
}

export function usageResult({ idempotencyKey }: ReportedUsage, admission: Admission): UsageResultView {
  if (admission.status !== 'refused') return { idempotencyKey, status: admission.status };
  const { code, message, hint } = admission.refusal;
  return { idempotencyKey, status: 'refused', code, detail: message, hint };
}
