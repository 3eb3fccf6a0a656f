/** The spellings of one name, from the one that files have: `payment-link`. */
export interface Name {
  readonly kebab: string;
  /** `PaymentLink` */
  readonly pascal: string;
  /** `paymentLink` */
  readonly camel: string;
  /** `payment_link`, in the database. */
  readonly snake: string;
  /** `payment link`, in sentences. */
  readonly words: string;
}

/** Throws unless the text is a name as files have it. */
export function nameFrom(kebab: string | undefined, what: string): Name {
  if (!kebab || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(kebab)) throw new Error(`Give ${what} as files are named, e.g. payment-link.`);
  const pascal = kebab.replaceAll(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase());
  const camel = pascal.charAt(0).toLowerCase() + pascal.slice(1);
  return { kebab, pascal, camel, snake: kebab.replaceAll('-', '_'), words: kebab.replaceAll('-', ' ') };
}

export function nameOfClass(pascal: string | undefined, what: string): Name {
  if (!pascal || !/^[A-Z][A-Za-z0-9]+$/.test(pascal)) throw new Error(`Give ${what} as classes are named, e.g. PaymentLinkOpened.`);
  return nameFrom(pascal.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase(), what);
}

export const article = (words: string): string => (/^[aeiou]/.test(words) ? 'an' : 'a');
