import { Optional } from '#platform/http/field-rule.js';
import { PageRequest } from '#platform/http/page.js';
import { IsChoice, IsProse } from '#platform/http/text-validators.js';
import { IsId } from '#platform/http/validators.js';
import { Input } from '#platform/openapi/input.js';
import { paymentStatuses } from '../read-models/payment-details/payment-details.query.js';

export class PaymentList extends PageRequest {
  @Input()
  @Optional()
  @IsId()
  accountId?: string;

  @Input()
  @Optional()
  @IsId()
  invoiceId?: string;

  @Input()
  @Optional()
  @IsChoice(paymentStatuses)
  status?: string;
}

export class PaymentRetry {
  @Input({ example: '0190f0c8-3333-7000-8000-00000000002a' })
  @IsId()
  invoiceId!: string;
}

export class AccountRelease {
  @Input({ example: 'The second card terminal charged it; refunded by hand.' })
  @IsProse({ max: 500 })
  reason!: string;
}
