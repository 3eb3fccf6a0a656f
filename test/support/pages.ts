import type { TestPlatform } from './platform.js';

interface Listed {
  readonly id: string;
}

/** A whole list of the API, walked by its cursors. */
export async function walked<Item extends Listed>(platform: TestPlatform, path: string, limit: number): Promise<Item[]> {
  const items: Item[] = [];
  for (let cursor = ''; ; ) {
    const separator = path.includes('?') ? '&' : '?';
    const { body } = await platform.get(`${path}${separator}limit=${limit}${cursor && `&cursor=${cursor}`}`).expect(200);
    expect(body.data.length).toBeLessThanOrEqual(limit);
    items.push(...body.data);
    if (body.nextCursor === null) return items;
    cursor = body.nextCursor;
  }
}

/** So many events are stored in all: a refused request adds none. */
export async function countEvents(platform: TestPlatform): Promise<number> {
  const [row] = await platform.database.query<{ count: string }>('select count(*) from es.event');
  return Number(row!.count);
}
