import { newId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import type { RecordedEvent } from './domain-event.js';
import { increment, insert, type ReadModel, readModel, remove, update } from './read-model.js';
import { statementsFor } from './row-changes.js';
import { jarDetails } from './testing/jars.context.js';
import { BeadsAdded, JarBroken, type JarEvent, type JarId, JarOpened, JarSealed, JarSpoiled } from './testing/jars.js';

const jarId = newId<'jar'>(7);
const other = newId<'jar'>(7);

const opened = (id: JarId = jarId): JarEvent => new JarOpened({ jarId: id, label: 'jam', spoilsAt: null });
const sealed = (id: JarId = jarId): JarEvent => new JarSealed({ jarId: id, series: 'S', number: 'S-1' });
const broken = (id: JarId = jarId): JarEvent => new JarBroken({ jarId: id });
const spoiled = (id: JarId = jarId): JarEvent => new JarSpoiled({ jarId: id, at: instant('2026-03-01T00:00:00Z') });

function recorded(...events: readonly JarEvent[]): RecordedEvent[] {
  const versions = new Map<JarId, number>();
  return events.map((event, index) => {
    const { jarId: streamId } = event.data;
    const version = (versions.get(streamId) ?? 0) + 1;
    versions.set(streamId, version);
    const meta = {
      bucket: 7,
      streamType: 'jar',
      streamId,
      version,
      eventId: newId(7),
      correlationId: '',
      causationId: null,
      accountId: null,
      actor: '',
      origin: null,
    };
    return { event, meta: { ...meta, effectiveAt: instant('2026-01-01T00:00:00Z'), position: BigInt(index + 1) } };
  });
}

const added = (count: number, id: JarId = jarId): JarEvent => new BeadsAdded({ jarId: id, count });

/** Counts in a column that may be null; a seal sets it to 100. */
const counted = readModel([JarOpened, BeadsAdded, JarSealed], {
  table: 'jars.counted',
  columns: { beads: 'bigint?' },
  on: {
    JarOpened: ({ data }) => insert(data.jarId, {}),
    BeadsAdded: ({ data }) => increment(data.jarId, { beads: BigInt(data.count) }),
    JarSealed: ({ data }) => update(data.jarId, { beads: 100n }),
  },
});

/** The first word of each statement, its number of rows where one is demanded, and what it is given. */
const shape = (...events: readonly JarEvent[]): unknown[] => shapeIn(jarDetails, ...events);

const shapeIn = (model: ReadModel, ...events: readonly JarEvent[]): unknown[] =>
  statementsFor(model, 7, recorded(...events)).map(({ text, expectedRows, values }) => [
    text.split(' ')[0],
    expectedRows,
    ...values.slice(1),
  ]);

describe('the statements of a read model', () => {
  it('are one for each kind of change, however many events there are', () => {
    expect(shape(opened(), opened(other), sealed(other))).toEqual([
      ['insert', 2, [jarId, other], ['jam', 'jam'], [0, 0], ['', 'S-1'], [1, 2]],
    ]);
    expect(shape(sealed(), sealed(other))).toEqual([['update', 2, [jarId, other], ['S-1', 'S-1'], [1, 1]]]);
  });

  it('write a new row after the old one under its id is gone', () => {
    expect(shape(broken(), opened())).toEqual([
      ['delete', undefined, [jarId]],
      ['insert', 1, [jarId], ['jam'], [0], [''], [2]],
    ]);
    expect(shape(opened(), broken())).toEqual([]);
    expect(shape(broken(), opened(), broken())).toEqual([['delete', undefined, [jarId]]]);
  });

  it('move the version on with an event that changes nothing else, if there is a row', () => {
    expect(shape(spoiled())).toEqual([['update', undefined, [jarId], [1]]]);
    expect(shape(opened(), spoiled())).toEqual([['insert', 1, [jarId], ['jam'], [0], [''], [2]]]);
    expect(shape(spoiled(), sealed())).toEqual([['update', 1, [jarId], ['S-1'], [2]]]);
    expect(shape(broken(), spoiled())).toEqual([['delete', undefined, [jarId]]]);
  });

  it('are refused for a row that is inserted twice, or changed after its end', () => {
    expect(() => shape(opened(), opened())).toThrow('is inserted twice');
    expect(() => shape(sealed(), opened())).toThrow('is inserted twice');
    expect(() => shape(broken(), sealed())).toThrow('is updated after its removal');
  });

  it('add to a number that is stored, in one statement for all rows', () => {
    expect(shape(added(2), added(3), added(4, other))).toEqual([['update', 2, [jarId, other], [2, 1], [5, 4]]]);
    const [statement] = statementsFor(jarDetails, 7, recorded(added(2)));
    expect(statement?.text).toContain('set version = u.version, beads = coalesce(t.beads, 0) + u.beads');
  });

  it('add to a number that the same batch has set', () => {
    expect(shape(opened(), added(2), added(3))).toEqual([['insert', 1, [jarId], ['jam'], [5], [''], [3]]]);
    expect(shape(broken(), opened(), added(2))).toEqual([
      ['delete', undefined, [jarId]],
      ['insert', 1, [jarId], ['jam'], [2], [''], [3]],
    ]);
    expect(shapeIn(counted, sealed(), added(2))).toEqual([['update', 1, [jarId], ['102']]]);
  });

  it('set a number over what was to be added to it', () => {
    expect(shapeIn(counted, added(2), sealed())).toEqual([['update', 1, [jarId], ['100']]]);
  });

  it('add and set in one statement where a row has both', () => {
    expect(shape(added(2), sealed())).toEqual([['update', 1, [jarId], ['S-1'], [2], [2]]]);
    expect(shape(spoiled(), added(2))).toEqual([['update', 1, [jarId], [2], [2]]]);
  });

  it('count from nothing where a number may be null', () => {
    expect(shapeIn(counted, opened(), added(2))).toEqual([['insert', 1, [jarId], ['2']]]);
  });

  it('write null where a nullable column is left out of an insert', () => {
    expect(shapeIn(counted, opened())).toEqual([['insert', 1, [jarId], [null]]]);
  });

  it('are refused for a column that the table does not declare', () => {
    const misspelt = readModel([JarOpened], {
      table: 'jars.jar_details',
      columns: { label: 'text?' },
      on: { JarOpened: ({ data }) => insert(data.jarId, { lable: 'jam' } as Record<string, string>) },
    });
    expect(() => statementsFor(misspelt, 7, recorded(opened()))).toThrow('jars.jar_details has no column lable');
    const strange = readModel([JarOpened, JarBroken], {
      table: 'jars.jar_details',
      columns: { label: 'text' },
      on: {
        JarOpened: ({ data }) => update(data.jarId, { colour: 'red' } as Record<string, string>),
        JarBroken: ({ data }) => [remove(data.jarId), insert(other, { label: '' })],
      },
    });
    expect(() => statementsFor(strange, 7, recorded(opened()))).toThrow('jars.jar_details has no column colour');
  });
});
