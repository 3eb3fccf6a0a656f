/** More invoices of one account within 24 hours of its clock cannot be meant: its billing is parked until a person has looked. */
export const MOST_INVOICES_A_DAY = 100;
