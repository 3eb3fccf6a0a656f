import { randomUUID } from 'node:crypto';
import { step } from '#platform/http/problem-error.js';
import { ContextsModule } from '../../apps/contexts.module.js';
import { type Input, type InputField, inputsOf, requestWith } from '../../tools/docs/input-fields.js';
import { outcomeOf, probes } from '../../tools/docs/inputs.js';
import { startPlatform, type TestPlatform } from '../support/platform.js';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await startPlatform();
});
afterAll(() => platform.stop());

const inputs = inputsOf(ContextsModule);
const bodies = inputs.filter(({ place }) => place === 'body');

function sent({ method, path, place }: Input, given: object) {
  const address = path.replace(/:\w+/g, () => randomUUID());
  const query = place === 'query' ? `?${new URLSearchParams(given as Record<string, string>)}` : '';
  switch (method) {
    case 'POST':
      return platform.post(address + query, place === 'body' ? given : {});
    case 'PATCH':
      return platform.patch(address, given);
    case 'DELETE':
      return platform.delete(address + query);
    default:
      return platform.get(address + query);
  }
}

/** The codes that the running API answers at the field's place. */
async function answeredAt(input: Input, field: InputField, value: unknown): Promise<readonly string[]> {
  const { body, status } = await sent(input, requestWith(field, value));
  expect(status).toBeLessThan(500);
  if (body.code !== 'validation_failed') return [];
  const pointer = field.path.map(step).join('');
  const own = body.errors.filter((error: { pointer: string }) => error.pointer === pointer || error.pointer.startsWith(`${pointer}/`));
  return [...new Set<string>(own.map(({ code }: { code: string }) => code))];
}

describe('Every field of every request', () => {
  it('is known: there are operations with bodies, and with parameters in the address', () => {
    expect(bodies.map(({ method, path }) => `${method} ${path}`)).toEqual(
      expect.arrayContaining([
        'POST /v1/accounts',
        'PATCH /v1/accounts/:id',
        'POST /v1/plans',
        'PATCH /v1/plans/:id',
        'POST /v1/subscriptions',
      ]),
    );
    expect(inputs.flatMap(({ fields }) => fields).length).toBeGreaterThan(80);
  });

  it.each(inputs.map((input) => [`${input.method} ${input.path} (${input.place})`, input] as const))(
    'is answered as docs/generated/inputs.md says: %s',
    async (_name, input) => {
      for (const field of input.fields) {
        for (const probe of probes) {
          for (const value of probe.valuesFor(input, field)) {
            const expected = await outcomeOf(input, field, value);
            expect({ field: field.path, value, codes: await answeredAt(input, field, value) }).toEqual({
              field: field.path,
              value,
              codes: expected,
            });
          }
        }
      }
    },
  );

  it.each(bodies.map((input) => [`${input.method} ${input.path}`, input] as const))(
    'takes null where its schema says so, and nowhere else: %s',
    async (_name, input) => {
      for (const field of input.fields) {
        const codes = await outcomeOf(input, field, null);
        expect({ field: field.path, codes }).toEqual({ field: field.path, codes: field.nullable ? [] : ['null_not_allowed'] });
      }
    },
  );

  it.each(bodies.map((input) => [`${input.method} ${input.path}`, input] as const))(
    'has one error for one mistake: %s',
    async (_name, input) => {
      for (const field of input.fields) {
        for (const value of [null, '3', 3, [], {}, true, ' ']) {
          const { body } = await sent(input, requestWith(field, value));
          const pointer = field.path.map(step).join('');
          const at = (body.errors ?? []).filter((error: { pointer: string }) => error.pointer === pointer);
          expect(at.length).toBeLessThanOrEqual(1);
          for (const { detail } of at) expect(detail).toMatch(/^[A-Z].*\.$/);
        }
      }
    },
  );
});
