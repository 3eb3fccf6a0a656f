import type { Customer } from './company.js';

/** A few customers with something to see, and what to copy in order to see it. */
export function worthALook(baseUrl: string, customers: readonly Customer[]): string[] {
  const earliest = [...customers].sort((one, other) => one.signsUpIn - other.signsUpIn);
  const kinds: readonly (readonly [string, (customer: Customer) => boolean])[] = [
    ['pays every month, from the start', ({ pays, cancelsIn, planCode }) => pays && cancelsIn === null && planCode === 'business'],
    ['has a card that is declined', ({ pays }) => !pays],
    ['has canceled', ({ cancelsIn }) => cancelsIn !== null],
    ['pays for seats', ({ planCode, quantity, pays }) => planCode === 'team' && quantity > 1 && pays],
    ['is billed in yen, which have no cents', ({ account }) => account.currency === 'JPY'],
  ];
  const chosen: { why: string; email: string; name: string }[] = [];
  for (const [why, fits] of kinds) {
    const customer = earliest.find((each) => fits(each) && !chosen.some(({ email }) => email === each.account.email));
    if (customer) chosen.push({ why, email: customer.account.email, name: customer.account.name });
  }
  const width = Math.max(...chosen.map(({ email }) => email.length));
  const first = chosen[0]?.email ?? customers[0]?.account.email;
  return [
    'Worth a look:',
    ...chosen.map(({ email, name, why }) => `  ${email.padEnd(width)}  ${name} ${why}`),
    '',
    `In the explorer, ${baseUrl}/graphql:`,
    `  { accounts(email: "${first}", first: 1) { edges { node { name`,
    '      subscriptions(first: 3) { edges { node { status currentPeriodEnd',
    '        invoices(first: 5) { edges { node { number status total { formatted } } } } } } } } } } }',
    '',
    'In a terminal:',
    `  npm run cli -- trace ${first}`,
    '  npm run verify',
  ];
}
