import { Money } from '#kernel/money.js';
import { postings } from './postings.js';
import { whenever } from './reaction.js';
import { ignored, readModel } from './read-model.js';
import { numberedBy } from './series.js';
import { JarOpened, JarSealed, jarDecider, SpoilJar, shelfDecider } from './testing/jars.js';
import { timer } from './timer.js';
import { type ContextDefinition, Vocabulary } from './vocabulary.js';

const nothing = () => [];
const table = readModel([JarOpened], { table: 'jars.twice', columns: {}, on: { JarOpened: ignored } });
const series = numberedBy(JarSealed, { seriesOf: () => 'S', assign: () => {}, shownIn: [] });
const moved = (from: string) => postings([JarOpened], () => [{ from, to: 'to', amount: Money.of(1n, 'USD') }]);
const jars = jarDecider;
const shelves = shelfDecider;

function registered(...contexts: readonly Omit<ContextDefinition, 'name'>[]): Vocabulary {
  const vocabulary = new Vocabulary();
  for (const [index, context] of contexts.entries()) vocabulary.register({ name: `context ${index}`, ...context });
  return vocabulary;
}

describe('the vocabulary', () => {
  it.each<[string, Omit<ContextDefinition, 'name'>, Omit<ContextDefinition, 'name'>, string]>([
    ['a category', { deciders: [jars] }, { deciders: [{ ...shelves, category: 'jar' }] }, 'category jar'],
    ['an event', { deciders: [jars] }, { deciders: [{ ...jars, category: 'other' }] }, 'events are called JarOpened'],
    ['a command', { deciders: [jars] }, { deciders: [{ ...jars, category: 'other', events: [] }] }, 'answer the command OpenJar'],
    [
      'a reaction, whenever it settles',
      { reactions: { react: whenever([JarOpened], 'with', nothing) } },
      { reactions: { react: whenever([JarOpened], 'after', nothing) } },
      'reactions are called react',
    ],
    [
      'an upcaster',
      { upcasters: [{ type: 'X', from: 1, upcast: (data) => data }] },
      { upcasters: [{ type: 'X', from: 1, upcast: (data) => data }] },
      'X/1',
    ],
    ['a series', { series: [series] }, { series: [series] }, 'number the event JarSealed'],
    ['a table', { readModels: [table] }, { readModels: [table] }, 'in the table jars.twice'],
    [
      'an admission',
      { admission: () => new SpoilJar({ jarId: '' as never }) },
      { admission: () => new SpoilJar({ jarId: '' as never }) },
      'admit what bills',
    ],
  ])('refuses %s that is there already', (_what, one, other, says) => {
    registered(one);
    expect(() => registered(one, other)).toThrow(says);
  });

  it('refuses a timer that is there already, and one for a command that its context does not decide', () => {
    const spoil = timer('spoil', SpoilJar, { bills: false });
    expect(() => registered({ deciders: [jars], timers: [spoil, spoil] })).toThrow('timers are called spoil');
    expect(() => registered({ deciders: [shelves], timers: [spoil] })).toThrow('which context 0 does not decide');
  });

  it('posts what all contexts post on an event', () => {
    const event = new JarOpened({ jarId: '' as never, label: '', spoilsAt: null });
    const found = registered({ postings: [moved('one')] }, { postings: [moved('other')] }).postingsOf({ event, meta: {} as never });
    expect(found.map(({ from }) => from)).toEqual(['one', 'other']);
  });
});
