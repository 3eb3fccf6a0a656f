import { closest, existingFile, knownWord, readArguments, UsageError, wholeNumber } from './usage.js';

const options = { size: { type: 'string' }, json: { type: 'boolean' } } as const;

function saidBy(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof UsageError) return error.message;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

describe('The arguments of a script', () => {
  it('are read', () => {
    expect(readArguments(['--size', '5', '--json'], options).values).toEqual({ size: '5', json: true });
    expect(readArguments(['one', 'two'], options, { words: true }).positionals).toEqual(['one', 'two']);
  });

  it.each([
    [['--sise', '5'], 'There is no option --sise. Did you mean --size?'],
    [['--hlep'], 'There is no option --hlep. Did you mean --help?'],
    [['--zzz'], 'There is no option --zzz.'],
    [['--size'], '--size needs a value.'],
    [['--size', '--json'], '--size needs a value.'],
    [['word'], "'word' means nothing here."],
  ])('as %p are refused in one sentence', (args, sentence) => {
    expect(saidBy(() => readArguments(args, options))).toBe(sentence);
  });
});

describe('A number', () => {
  it('is taken within its range, the ends included', () => {
    expect([1, 10].map((number) => wholeNumber('--n', String(number), { from: 1, to: 10 }))).toEqual([1, 10]);
  });

  it.each(['0', '11', '-1', '1.5', '1e1', ' 1', '', 'abc', '9'.repeat(70)])('is not %p', (text) => {
    expect(saidBy(() => wholeNumber('--n', text, { from: 1, to: 10 }))).toMatch(/^--n must be a whole number from 1 to 10, not .{0,61}\.$/);
  });
});

describe('A word', () => {
  it('that is not known is answered with what was meant, and with all that there are', () => {
    expect(knownWord('command', 'verify', ['verify', 'trace'])).toBe('verify');
    expect(saidBy(() => knownWord('command', 'verfiy', ['verify', 'trace']))).toBe(
      'There is no command verfiy. Did you mean verify? There are: verify, trace.',
    );
    expect(saidBy(() => knownWord('command', 'nope', ['verify', 'trace']))).toBe('There is no command nope. There are: verify, trace.');
  });

  it.each([
    ['verfiy', 'verify'],
    ['VERIFY', 'verify'],
    ['migrat', 'migrate'],
    ['rebiuld', 'rebuild'],
    ['tracee', 'trace'],
    ['api', 'api-key'],
    ['nope', null],
    ['', null],
  ])('%p means %p', (text, word) => {
    expect(closest(text, ['verify', 'migrate', 'rebuild', 'trace', 'api-key'])).toBe(word);
  });
});

describe('A file', () => {
  it('has to be there', () => {
    expect(existingFile('--journal', import.meta.filename)).toBe(import.meta.filename);
    expect(saidBy(() => existingFile('--journal', '/nowhere/x'))).toBe('--journal names /nowhere/x, and there is no such file.');
  });
});
