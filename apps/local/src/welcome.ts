import type { LocalPlatform } from './start-local.js';

/** What a person needs in order to go on, in one box. */
export function welcome({
  baseUrl,
  apiKey,
  simulatorUrl,
  home,
}: Pick<LocalPlatform, 'baseUrl' | 'apiKey' | 'simulatorUrl' | 'home'>): string {
  const lines = [
    'Perennial is ready.',
    '',
    `API        ${baseUrl}/v1`,
    `GraphQL    ${baseUrl}/graphql`,
    `Docs       ${baseUrl}/docs`,
    `API key    ${apiKey}`,
    simulatorUrl ? `Stripe     simulated at ${simulatorUrl}` : 'Stripe     the real one, as STRIPE_API_KEY says',
    `Data       ${home}`,
    '',
    'Try it:',
  ];
  const width = Math.max(...lines.map((line) => line.length));
  const rule = '─'.repeat(width + 2);
  const box = [`┌${rule}┐`, ...lines.map((line) => `│ ${line.padEnd(width)} │`), `└${rule}┘`];
  // Outside the frame, so that a copied line holds nothing but the command.
  return `\n${box.join('\n')}\n\n${example(baseUrl, apiKey)}\n\nCtrl-C stops it; the data stays.\n`;
}

function example(baseUrl: string, apiKey: string): string {
  const body = `{"email":"ada@example.com","name":"Ada","currency":"USD","timeZone":"America/New_York","paymentMethod":{"token":"pm_card_visa"}}`;
  return `curl -s ${baseUrl}/v1/accounts -H 'Authorization: Bearer ${apiKey}' -H 'Content-Type: application/json' -d '${body}'`;
}
