import { type Finding as BrokenLink, verifyChains } from '#event-sourcing/verify-chains.js';
import type { Check } from '../check.js';
import { examined, type Violation, violation } from '../finding.js';
import { bucketsInUse } from '../rows.js';

/**
 * I4. Positions of a bucket and versions of a stream run from 1 without gap, every event's hash follows from the one before
 * it and from its own columns, and neither a reader nor a kept state remembers events that are not there. Oracle: counting,
 * and the chain computed anew over the stored text.
 */
export const streamsAreDense: Check = {
  id: 'I4',
  invariant: 'streams and buckets have no gap, and hash chains verify',
  async *run({ sql, database }, advance) {
    const buckets = await bucketsInUse(sql);
    const { events, streams, findings } = await verifyChains(database, {
      buckets,
      onProgress: ({ bucket }) => advance((buckets.indexOf(bucket) + 1) / buckets.length),
    });
    for (const finding of findings) yield told(finding);
    yield examined(events, 'events');
    yield examined(streams, 'streams');
  },
};

function told({ bucket, position, streamId, version, wrong }: BrokenLink): Violation {
  const says = `${wrong[0]!.toUpperCase()}${wrong.slice(1)}.`;
  return violation({ bucket, position, ...(streamId && { stream: streamId }), ...(version !== null && { version }) }, says);
}
