import { houseRules } from '../../tools/architecture/house-rules.js';
import { shown } from '../../tools/architecture/rule.js';
import { readSources, sourcesOf } from '../../tools/architecture/sources.js';

const project = readSources(new URL('../../', import.meta.url).pathname);

describe('The house', () => {
  it('is read as a whole', () => {
    const paths = project.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['libs/kernel/src/money.ts', 'apps/simulator/src/main.ts', 'package.json', '.ci/run']));
    expect(paths.filter((path) => /node_modules|^dist/.test(path))).toEqual([]);
  });

  it('states no rule twice', () => {
    expect(new Set(houseRules.map(({ sentence }) => sentence)).size).toBe(houseRules.length);
  });

  describe.each(houseRules)('$sentence', ({ check, badExamples, goodExamples = [] }) => {
    it('holds for the project', () => {
      expect(check(project).map(shown)).toEqual([]);
    });

    it('is found broken in each of its bad examples', () => {
      expect(badExamples).not.toEqual([]);
      for (const files of badExamples) {
        const faulty = Object.keys(files)[0]!;
        expect({ files, at: check(sourcesOf(files)).map(({ path }) => path) }).toEqual({ files, at: expect.arrayContaining([faulty]) });
      }
    });

    it('lets its good examples pass', () => {
      for (const files of goodExamples) expect({ files, found: check(sourcesOf(files)).map(shown) }).toEqual({ files, found: [] });
    });
  });
});
