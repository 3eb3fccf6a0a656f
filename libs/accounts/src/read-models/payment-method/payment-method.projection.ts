import { ERASED } from '#event-sourcing/declared-fields.js';
import { ignored, insert, readModel, remove } from '#event-sourcing/read-model.js';
import {
  AccountChanged,
  AccountClosed,
  AccountCreated,
  AccountErased,
  DefaultPaymentMethodChanged,
  PaymentMethodAdded,
  PaymentMethodRemoved,
} from '../../account/account.events.js';

/** The payment methods of the accounts. Which one is the default stands with the account, since that is one change of one row. */
export const paymentMethods = readModel(
  [AccountCreated, AccountChanged, PaymentMethodAdded, DefaultPaymentMethodChanged, PaymentMethodRemoved, AccountClosed, AccountErased],
  {
    table: 'accounts.payment_method',
    columns: {
      account_id: 'uuid',
      type: 'text',
      brand: 'text?',
      last4: 'text?',
      exp_month: 'smallint?',
      exp_year: 'smallint?',
      added_at: 'timestamptz',
    },
    person: { account: 'account_id', columns: { last4: ERASED } },
    on: {
      AccountCreated: ignored,
      AccountChanged: ignored,
      PaymentMethodAdded: ({ data: { accountId, paymentMethodId, type, brand, last4, expMonth, expYear } }, { effectiveAt }) =>
        insert(paymentMethodId, {
          account_id: accountId,
          ...{ type, brand, last4 },
          exp_month: expMonth,
          exp_year: expYear,
          added_at: effectiveAt,
        }),
      DefaultPaymentMethodChanged: ignored,
      PaymentMethodRemoved: ({ data: { paymentMethodId } }) => remove(paymentMethodId),
      AccountClosed: ignored,
      AccountErased: ignored,
    },
  },
);
