/** More invoices of one account within 24 hours of its clock cannot be meant: its billing is parked until a person has looked. */
export const MOST_INVOICES_A_DAY = 100;

/**
 * So many are requested without asking, by what the stored invoices say. Each one after is counted by a command of the
 * account's hold. Half of the limit: what the stored invoices do not show yet cannot reach it.
 */
export const UNCOUNTED_INVOICES_A_DAY = MOST_INVOICES_A_DAY / 2;
