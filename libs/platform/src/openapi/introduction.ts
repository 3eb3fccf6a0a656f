/** What the groups of operations are about, in the order in which they are shown. */
export const tags: Readonly<Record<string, string>> = {
  Accounts: 'Who is billed: one currency, one time zone, and the payment methods that invoices are charged to.',
  'Payment methods': 'The cards of an account, verified by the gateway before they are kept.',
  Plans: 'What can be subscribed to. A change makes a new version; who has subscribed keeps the version that was agreed to.',
  Quotes: 'What something would cost, computed by the code that bills.',
  Subscriptions: 'An account on a plan. Billing follows its anchor, to the day and in the time zone of the account.',
  Usage: 'What was used of a subscription, counted once and charged when its period is over.',
  Invoices: 'Issued by subscriptions, numbered without gaps, never changed.',
  Payments: 'Attempts to collect an invoice, each with its own outcome.',
  'Test clocks': 'Time that you move: accounts made on a clock live through months in a second.',
  Ledger: 'The books in double entry, which everything else can be checked against.',
  Health: 'For load balancers, monitoring, and the people behind them.',
};

export const introduction = `
Subscription billing: accounts, plans, subscriptions, invoices and payments on a ledger in double entry.

**How to begin.** Authorize with an API key (on your own machine it is already entered), then try these in their order:

1. \`POST /v1/plans\` publishes a plan. Its example is ready to be sent.
2. \`POST /v1/accounts\` makes a customer with a test card, \`pm_card_visa\`.
3. \`POST /v1/subscriptions\` takes \`accountId\` and \`planCode\`; its answer names the first invoice in \`latestInvoiceId\`.
4. \`GET /v1/invoices/{id}\` shows it: \`paid\`, a moment later.

[Getting started](/docs/getting-started) has the same for a terminal. More to read:
[test cards](/docs/test-cards) · [test clocks](/docs/test-clocks) · [webhooks](/docs/webhooks) · [idempotency](/docs/idempotency) ·
[errors](/docs/errors) and [all their codes](/docs/problems) · [conventions](/docs/conventions).

The document itself is at [/docs/openapi.json](/docs/openapi.json), to generate clients from.
`.trim();
