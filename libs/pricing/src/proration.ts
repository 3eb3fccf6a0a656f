/** `numerator` of `denominator` days or seconds of the whole period, as decimal strings. */
export interface Proration {
  readonly numerator: string;
  readonly denominator: string;
  readonly unit: 'day' | 'second';
}
