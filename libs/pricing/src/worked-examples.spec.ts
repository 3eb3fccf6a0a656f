import { redoneSum } from '../../../test/support/redone-sum.js';
import { priced } from './price.examples.js';
import { published } from './worked.examples.js';

describe('A worked example that another system published', () => {
  it.each(published)('%s', (_, price, used, amount) => {
    const sum = priced(price, used);
    expect(sum.amount).toBe(amount);
    expect(redoneSum(sum.steps)).toBe(amount);
  });
});
