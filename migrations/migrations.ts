import { ApplicationRole1700000000000 } from './0000-application-role.js';
import { EventStore1700000000001 } from './0001-event-store.js';
import { Ledger1700000000002 } from './0002-ledger.js';

/** In order; a migration that has run anywhere is never changed. */
export const migrations = [ApplicationRole1700000000000, EventStore1700000000001, Ledger1700000000002];
