/** Numbers look like `INV-2026-000001` until branding gives the account's legal entity a prefix of its own. */
export const defaultNumberPrefix = 'INV';

/** Charged at once; whoever pays otherwise has two weeks. */
export const defaultDaysUntilDue = 14;
