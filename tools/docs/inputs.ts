import { RefusalWithErrors } from '#platform/http/problem.js';
import { step } from '#platform/http/problem-error.js';
import { RequestValidation } from '#platform/http/validation.js';
import { type Input, type InputField, requestWith } from './input-fields.js';
import { code, page, table } from './markdown.js';

/** What comes of a value in a field: the codes of what is wrong there, or none. */
export type Outcome = readonly string[];

/** The mistakes that are tried on every field. */
export interface Probe {
  readonly name: string;
  valuesFor(input: Input, field: InputField): readonly unknown[];
}

const FAR = Number.MAX_SAFE_INTEGER;
const isOfText = ({ place }: Input): boolean => place === 'query';

/** In an address everything is text, so there is no null and no type to be wrong there. */
export const probes: readonly Probe[] = [
  { name: 'left out', valuesFor: () => [undefined] },
  { name: 'null', valuesFor: (input) => (isOfText(input) ? [] : [null]) },
  { name: 'wrong type', valuesFor: (input) => (isOfText(input) ? [] : [true, 7, 'x', [], {}]) },
  {
    name: 'wrong case',
    valuesFor: (_input, { example }) => (typeof example === 'string' && swapped(example) !== example ? [swapped(example)] : []),
  },
  {
    name: 'out of range',
    valuesFor: (input, { example }) =>
      isOfText(input) ? ['', 'x'.repeat(5000), '-1'] : typeof example === 'number' ? [-FAR, FAR] : ['', 'x'.repeat(5000)],
  },
];

/** Validates a request as the running API does, and answers the codes at the field's place. */
export async function outcomeOf(input: Input, field: InputField, value: unknown): Promise<Outcome> {
  const metadata = { type: input.place, metatype: input.declared as new () => object };
  const pointer = field.path.map(step).join('');
  try {
    await new RequestValidation().transform(requestWith(field, value), metadata);
    return [];
  } catch (error) {
    if (!(error instanceof RefusalWithErrors)) throw error;
    const own = error.errors.filter((each) => each.pointer === pointer || each.pointer.startsWith(`${pointer}/`));
    return [...new Set(own.map((each) => each.code))];
  }
}

/** The page that lists every field of every request, with what comes of each mistake. */
export async function inputsPage(inputs: readonly Input[]): Promise<string> {
  const about =
    'Every field that a request can have, and what comes of each mistake: the code in `errors`, or a dash where the value is taken as it is. ' +
    'A field that nobody knows is `unknown_field` everywhere, a name given twice in a body `name_repeated`, a parameter given twice `repeated`. ' +
    'The same probes are sent to the running API by a test. See [the conventions](../conventions.md).';
  const sections: string[] = [];
  for (const input of inputs) {
    const rows = new Map<string, readonly string[]>();
    for (const field of input.fields) {
      const cells = await Promise.all(probes.map((probe) => cellOf(probe, input, field)));
      rows.set(`${field.path.join()} ${cells.join()}`, [code(nameOf(field)), ...cells]);
    }
    const head = ['Field', ...probes.map(({ name }) => name)];
    sections.push(`## ${input.method} ${input.path}${input.place === 'query' ? ', in the address' : ''}`, table(head, [...rows.values()]));
  }
  return page('Inputs', about, ...sections);
}

async function cellOf(probe: Probe, input: Input, field: InputField): Promise<string> {
  const values = probe.valuesFor(input, field);
  if (values.length === 0) return '';
  const outcomes = await Promise.all(values.map((value) => outcomeOf(input, field, value)));
  // Of the five types some field takes one, and that one is not wrong.
  const wrong = probe.name === 'wrong type' ? outcomes.filter((outcome) => outcome.length > 0) : outcomes;
  const found = [...new Set(wrong.flatMap((outcome) => (outcome.length === 0 ? ['–'] : outcome.map(code))))];
  return found.sort().join(' ');
}

function nameOf({ path, around }: InputField): string {
  const name = path
    .map((part) => (part === '0' ? '[]' : part === 'USD' ? '{currency}' : part))
    .join('.')
    .replaceAll('.[]', '[]');
  return path.includes('USD') && around.model ? `${name} (${around.model})` : name;
}

function swapped(text: string): string {
  return [...text].map((letter) => (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase())).join('');
}
