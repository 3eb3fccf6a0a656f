import { aFlatPrice } from './price.examples.js';
import { priceIn } from './price.js';

describe('A price in a currency', () => {
  it('has the terms of that currency, and all that is the same in every one', () => {
    const { currencies: _, ...shared } = aFlatPrice;
    expect(priceIn(aFlatPrice, 'EUR')).toEqual({ ...shared, terms: { amount: '2700' } });
  });

  it('is nothing where the catalog has none', () => {
    expect(priceIn(aFlatPrice, 'JPY')).toBeUndefined();
  });
});
