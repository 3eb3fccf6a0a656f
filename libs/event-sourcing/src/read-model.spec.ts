import { newId } from '#kernel/ids.js';
import { instant } from '#kernel/instant.js';
import type { RecordedEvent } from './domain-event.js';
import { insert, readModel, remove, statementsFor, update } from './read-model.js';
import { jarDetails } from './testing/jars.context.js';
import { JarBroken, type JarEvent, type JarId, JarOpened, JarSealed, JarSpoiled } from './testing/jars.js';

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

/** The first word of each statement, its number of rows where one is demanded, and what it is given. */
const shape = (...events: readonly JarEvent[]): unknown[] =>
  statementsFor(jarDetails, 7, recorded(...events)).map(({ text, expectedRows, values }) => [
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

  it('are refused for a column that the table does not declare', () => {
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
