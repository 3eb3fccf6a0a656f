/** How an issuer's refusal reads in Stripe's errors. Source: docs.stripe.com/declines/codes and /testing. */
export interface Decline {
  /** The error's `code`. */
  code: string;
  /** The error's `decline_code`. */
  declineCode: string;
  message: string;
  /** Stripe's advice on whether to try again. */
  adviceCode: 'try_again_later' | 'do_not_try_again' | 'confirm_card_data' | null;
  networkCode: string;
}

const declined = 'Your card was declined.';

function cardDeclined(
  declineCode: string,
  adviceCode: Decline['adviceCode'] = 'try_again_later',
  message = declined,
  networkCode = '01',
): Decline {
  return { code: 'card_declined', declineCode, message, adviceCode, networkCode };
}

const declines: readonly Decline[] = [
  cardDeclined('generic_decline'),
  cardDeclined('insufficient_funds', 'try_again_later', 'Your card has insufficient funds.', '51'),
  cardDeclined('lost_card', 'do_not_try_again', declined, '41'),
  cardDeclined('stolen_card', 'do_not_try_again', declined, '43'),
  cardDeclined('do_not_honor', 'try_again_later', declined, '05'),
  cardDeclined('fraudulent', 'do_not_try_again', declined, '59'),
  cardDeclined('pickup_card', 'do_not_try_again', declined, '04'),
  cardDeclined('transaction_not_allowed', 'try_again_later', declined, '57'),
  cardDeclined(
    'card_velocity_exceeded',
    'try_again_later',
    'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
    '65',
  ),
  {
    code: 'expired_card',
    declineCode: 'expired_card',
    message: 'Your card has expired.',
    adviceCode: 'do_not_try_again',
    networkCode: '54',
  },
  {
    code: 'incorrect_cvc',
    declineCode: 'incorrect_cvc',
    message: "Your card's security code is incorrect.",
    adviceCode: 'confirm_card_data',
    networkCode: 'N7',
  },
  {
    code: 'processing_error',
    declineCode: 'processing_error',
    message: 'An error occurred while processing your card. Try again in a little bit.',
    adviceCode: 'try_again_later',
    networkCode: '96',
  },
  {
    code: 'authentication_required',
    declineCode: 'authentication_required',
    message: 'Your card was declined. This transaction requires authentication.',
    adviceCode: null,
    networkCode: '1A',
  },
];

const byDeclineCode = new Map(declines.map((decline) => [decline.declineCode, decline]));

export function declineNamed(declineCode: string): Decline | undefined {
  return byDeclineCode.get(declineCode);
}

export function declineCodes(): string[] {
  return [...byDeclineCode.keys()];
}
