/** Something that a check has seen. */
export type Finding = Violation | Examined | NotChecked;

/** What is wrong and where. */
export interface Violation {
  readonly finding: 'violation';
  /** The ids that lead to the place, by name: `{ bucket: '42', invoice: '0190…' }`. */
  readonly where: Readonly<Record<string, string>>;
  /** One sentence, with what was found and what it should be. */
  readonly says: string;
}

/** How much was looked at: a check that has seen nothing proves nothing. */
export interface Examined {
  readonly finding: 'examined';
  readonly count: number;
  /** In the plural: `invoices`. */
  readonly what: string;
}

/** A part of the invariant that could not be looked at, and what it would take. Never counted as passed. */
export interface NotChecked {
  readonly finding: 'not-checked';
  readonly part: string;
  /** `needs --journal FILE`, or `not built yet`. */
  readonly because: string;
}

export const violation = (where: Readonly<Record<string, string | number | bigint>>, says: string): Violation => ({
  finding: 'violation',
  where: Object.fromEntries(Object.entries(where).map(([name, value]) => [name, String(value)])),
  says,
});

export const examined = (count: number | string, what: string): Examined => ({ finding: 'examined', count: Number(count), what });

export const notChecked = (part: string, because: string): NotChecked => ({ finding: 'not-checked', part, because });
