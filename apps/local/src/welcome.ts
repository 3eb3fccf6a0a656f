import type { LocalPlatform } from './start-local.js';

const WIDTH = 80;

/** What a person needs in order to go on, in one box that fits a terminal of eighty columns. */
export function welcome({
  baseUrl,
  apiKey,
  simulatorUrl,
  home,
}: Pick<LocalPlatform, 'baseUrl' | 'apiKey' | 'simulatorUrl' | 'home'>): string {
  const lines = [
    'Perennial is ready.',
    '',
    `Open       ${baseUrl}`,
    `API        ${baseUrl}/v1, described at /docs`,
    `GraphQL    ${baseUrl}/graphql`,
    simulatorUrl ? `Stripe     simulated at ${simulatorUrl}` : 'Stripe     the real one, as STRIPE_API_KEY says',
    ...label('Data       ', home),
    '',
    'API key, in dev.json there too:',
    apiKey,
  ];
  const inner = WIDTH - 4;
  const rule = '─'.repeat(inner + 2);
  const box = [`┌${rule}┐`, ...lines.map((line) => `│ ${line.padEnd(inner)} │`), `└${rule}┘`];
  // Outside the frame, so that a copied line holds nothing but the command.
  return `\n${box.join('\n')}\n\nFrom a plan to a paid invoice, call by call, in a second terminal:\n\n  npm run first-invoice\n\nCtrl-C stops it; the data stays.\n`;
}

/** A text that may be longer than a line goes on below itself. */
function label(name: string, text: string): string[] {
  const room = WIDTH - 4 - name.length;
  const pieces = text.match(new RegExp(`.{1,${room}}`, 'gu')) ?? [''];
  return pieces.map((piece, index) => (index === 0 ? name : ' '.repeat(name.length)) + piece);
}
