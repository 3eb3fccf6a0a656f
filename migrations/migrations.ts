import { ApplicationRole1700000000000 } from './0000-application-role.js';
import { EventStore1700000000001 } from './0001-event-store.js';
import { Ledger1700000000002 } from './0002-ledger.js';
import { Accounts1700000000003 } from './0003-accounts.js';
import { Catalog1700000000004 } from './0004-catalog.js';
import { Subscriptions1700000000005 } from './0005-subscriptions.js';
import { Invoicing1700000000006 } from './0006-invoicing.js';
import { Payments1700000000007 } from './0007-payments.js';
import { Platform1700000000008 } from './0008-platform.js';
import { PaymentsReconciliation1700000000009 } from './0009-payments-reconciliation.js';
import { Metering1700000000010 } from './0010-metering.js';

/** In order; a migration that has run anywhere is never changed. */
export const migrations = [
  ApplicationRole1700000000000,
  EventStore1700000000001,
  Ledger1700000000002,
  Accounts1700000000003,
  Catalog1700000000004,
  Subscriptions1700000000005,
  Invoicing1700000000006,
  Payments1700000000007,
  Platform1700000000008,
  PaymentsReconciliation1700000000009,
  Metering1700000000010,
];
