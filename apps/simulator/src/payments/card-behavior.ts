import type { DatabaseSync, StatementSync } from 'node:sqlite';

/** What the issuer says to an attempt. */
export type CardOutcome =
  | { kind: 'succeed' }
  | { kind: 'decline'; declineCode: string }
  /** 3-D Secure: refused off-session, `requires_action` on-session. `until_set_up` asks only before the first success. */
  | { kind: 'authenticate'; when: 'always' | 'until_set_up'; thenDeclineCode?: string }
  /** The intent stays `processing` until it is settled through the control interface. */
  | { kind: 'process' };

export interface CardBehavior {
  outcome: CardOutcome;
  /** For how many attempts `outcome` holds before the card succeeds again; `null` means for good. */
  attemptsLeft: number | null;
  /** Whether an attempt has succeeded before, which is what sets a card up for off-session use. */
  setUp?: boolean;
  /** What becomes of refunds: `fail` and `pending` are decided later, as for Stripe's test cards 5126 and 7726. */
  refunds: 'succeed' | 'fail' | 'pending';
}

export const succeeds: CardBehavior = { outcome: { kind: 'succeed' }, attemptsLeft: null, refunds: 'succeed' };

/** The behavior of each payment method that does anything but succeed; kept with the state, so it outlives a restart. */
export class CardBehaviors {
  private readonly selection: StatementSync;
  private readonly insertion: StatementSync;

  constructor(database: DatabaseSync) {
    this.selection = database.prepare('SELECT body FROM card_behaviors WHERE payment_method = ?');
    this.insertion = database.prepare('INSERT OR REPLACE INTO card_behaviors (payment_method, body) VALUES (?, ?)');
  }

  of(paymentMethod: string): CardBehavior {
    const row = this.selection.get(paymentMethod);
    return row === undefined ? succeeds : (JSON.parse(String(row.body)) as CardBehavior);
  }

  set(paymentMethod: string, behavior: CardBehavior): void {
    this.insertion.run(paymentMethod, JSON.stringify(behavior));
  }

  /** The outcome of one attempt, counted. */
  attempt(paymentMethod: string): CardOutcome {
    const behavior = this.of(paymentMethod);
    if (behavior.attemptsLeft === null) return behavior.outcome;
    if (behavior.attemptsLeft === 0) return succeeds.outcome;
    this.set(paymentMethod, { ...behavior, attemptsLeft: behavior.attemptsLeft - 1 });
    return behavior.outcome;
  }

  hasSucceeded(paymentMethod: string): boolean {
    return this.of(paymentMethod).setUp === true;
  }

  attemptSucceeded(paymentMethod: string): void {
    const behavior = this.of(paymentMethod);
    if (behavior.outcome.kind === 'authenticate' && behavior.setUp !== true) this.set(paymentMethod, { ...behavior, setUp: true });
  }
}
