import { defineRefusal, Refusal, refusalCatalogue } from './refusal.js';

const tooWarm = defineRefusal({ code: 'spec_too_warm', kind: 'conflict', hint: 'Wait for the evening.' });

describe('A refusal', () => {
  it('carries its stable code, its kind, the detail of the case and what can be done about it', () => {
    const refusal = tooWarm('It is 31 degrees.', { pointer: '/degrees' });
    expect(refusal).toBeInstanceOf(Refusal);
    expect(refusal).toMatchObject({
      code: 'spec_too_warm',
      kind: 'conflict',
      message: 'It is 31 degrees.',
      hint: 'Wait for the evening.',
      pointer: '/degrees',
    });
  });

  it('shows a better hint where one is known', () => {
    expect(tooWarm('It is 31 degrees.', { hint: 'Open a window.' }).hint).toBe('Open a window.');
  });

  it('is listed in the catalogue, ordered by code', () => {
    const codes = refusalCatalogue().map(({ code }) => code);
    expect(codes).toContain('spec_too_warm');
    expect(codes).toEqual([...codes].sort());
  });

  it('cannot be declared again with another kind', () => {
    expect(() => defineRefusal({ code: 'spec_too_warm', kind: 'invalid', hint: '' })).toThrow('declared twice');
  });
});
