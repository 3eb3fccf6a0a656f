/**
 * Redoes the sum of a line from its explanation alone, as a reader with pencil and paper would: it knows the names of the rules and
 * nothing of our code, reads each number from the step that states it, and says what should have been charged.
 */
export function redoneSum(steps: readonly { readonly rule: string }[]): bigint {
  let total: Fraction = [0n, 1n];
  for (const each of steps) {
    const { rule } = each;
    const step: Step = { ...each };
    const number = (field: string): Fraction => fraction(step[field] as string);
    const amount = amountOf(rule, number, step);
    if (amount) {
      same(amount, number('amount'), `${rule} says ${String(step.amount)}`);
      total = add(total, amount);
    } else if (rule === 'sum') same(total, number('amount'), 'The sum so far');
    else if (rule === 'periodMinimum') total = greater(total, limit(step));
    else if (rule === 'periodMaximum') total = less(total, limit(step));
    else if (rule === 'proration') total = multiply(total, [BigInt(step.numerator as string), BigInt(step.denominator as string)]);
    else if (rule === 'rounding') {
      const rounded = halfUp(total);
      same([rounded, 1n], number('amount'), 'The rounded amount');
      return rounded;
    } else if (!['belowZero', 'freeUnits', 'freeEvents'].includes(rule)) throw new Error(`There is no rule ${rule}.`);
  }
  throw new Error('The explanation ends without an amount.');
}

type Step = Readonly<Record<string, unknown>>;

function amountOf(rule: string, number: (field: string) => Fraction, step: Step): Fraction | undefined {
  switch (rule) {
    case 'reversal':
      return multiply(number('charged'), [-1n, 1n]);
    case 'flat':
      return number('amount');
    case 'perUnit':
      return multiply(number('quantity'), number('unitAmount'));
    case 'graduatedTier':
    case 'volumeTier':
    case 'stairStep':
      return add(multiply(number('quantity'), number('unitAmount')), number('flatAmount'));
    case 'package':
      same(number('packages'), startedPackages(number('quantity'), number('packageSize')), 'The number of packages');
      return multiply(number('packages'), number('packageAmount'));
    case 'percentage':
      return multiply(number('events'), ofOneEvent(number, step));
    case 'percentageOfEvents':
      return add(
        multiply(multiply(number('chargedAmount'), number('rate')), [1n, 100n]),
        multiply(number('chargedEvents'), number('fixedAmount')),
      );
    case 'eventMinimum':
    case 'eventMaximum':
      return multiply(number('events'), number('eachAmount'));
    default:
      return undefined;
  }
}

function ofOneEvent(number: (field: string) => Fraction, step: Step): Fraction {
  if (step.chargedAmount === null) return [0n, 1n];
  let each = add(multiply(multiply(number('chargedAmount'), number('rate')), [1n, 100n]), number('fixedAmount'));
  if (step.minimumAmount !== null) each = greater(each, number('minimumAmount'));
  if (step.maximumAmount !== null) each = less(each, number('maximumAmount'));
  return each;
}

function limit({ limit: whole, part }: Step): Fraction {
  const { numerator, denominator } = (part ?? { numerator: '1', denominator: '1' }) as { numerator: string; denominator: string };
  return multiply(fraction(whole as string), [BigInt(numerator), BigInt(denominator)]);
}

/** Numerator and denominator, the latter above zero. */
type Fraction = readonly [bigint, bigint];

function fraction(text: string): Fraction {
  const [whole, places = ''] = text.split('.');
  return [BigInt(`${whole}${places}`), 10n ** BigInt(places.length)];
}

function add([a, b]: Fraction, [c, d]: Fraction): Fraction {
  return [a * d + c * b, b * d];
}

function multiply([a, b]: Fraction, [c, d]: Fraction): Fraction {
  return [a * c, b * d];
}

function isLess([a, b]: Fraction, [c, d]: Fraction): boolean {
  return a * d < c * b;
}

const greater = (a: Fraction, b: Fraction): Fraction => (isLess(a, b) ? b : a);
const less = (a: Fraction, b: Fraction): Fraction => (isLess(b, a) ? b : a);

function startedPackages(quantity: Fraction, size: Fraction): Fraction {
  const [n, d] = multiply(quantity, [size[1], size[0]]);
  return [(n + d - 1n) / d, 1n];
}

function halfUp([n, d]: Fraction): bigint {
  return n < 0n ? -((-2n * n + d) / (2n * d)) : (2n * n + d) / (2n * d);
}

function same(found: Fraction, said: Fraction, what: string): void {
  if (found[0] * said[1] !== said[0] * found[1]) throw new Error(`${what}, but it is ${found.join(' / ')} and not ${said.join(' / ')}.`);
}
