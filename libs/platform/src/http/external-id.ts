import type { Queries } from '#event-sourcing/sql.js';
import { ownerOfName, type UniqueName } from '#event-sourcing/unique-name.js';
import { type Id, id, isId } from '#kernel/ids.js';
import { simpleRule } from './field-rule.js';

const PREFIX = 'ext:';
const EXTERNAL_ID = /^[\x21-\x7e]{1,200}$/;

/** An id that the caller's own system gave a resource. */
export function IsExternalId(): PropertyDecorator {
  const detail = 'This must be 1 to 200 printable ASCII characters without spaces.';
  return simpleRule(
    { type: 'string', pattern: EXTERNAL_ID.source },
    'external_id_invalid',
    detail,
    (value) => typeof value === 'string' && EXTERNAL_ID.test(value),
  );
}

/** The id of a resource in an address: ours, or `ext:` and the caller's own. */
export function IsAddress(): PropertyDecorator {
  const schema = { type: 'string', pattern: '^(ext:[\\x21-\\x7e]{1,200}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})$' };
  return simpleRule(schema, 'id_invalid', 'This must be an id (UUID), or ext: and an external id.', (value) => {
    if (typeof value !== 'string') return false;
    return value.startsWith(PREFIX) ? EXTERNAL_ID.test(value.slice(PREFIX.length)) : isId(value.toLowerCase());
  });
}

/** The resource that an address names; undefined where nothing has that external id. */
export async function addressed<Kind extends string>(sql: Queries, scope: Kind, address: string): Promise<Id<Kind> | undefined> {
  return address.startsWith(PREFIX) ? ownerOfName<Kind>(sql, scope, address.slice(PREFIX.length)) : id<Kind>(address, '/id');
}

/** What a command claims with an external id, to be passed on with it. */
export function externalName(scope: string, externalId: string | undefined): { readonly names?: readonly UniqueName[] } {
  return externalId === undefined ? {} : { names: [{ scope, name: externalId, pointer: '/externalId' }] };
}
