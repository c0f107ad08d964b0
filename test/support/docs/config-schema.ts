import type { Fragment } from '../../../src/config/schema/fragment.ts';
import { KEYS, type Key } from '../../../src/config/schema/keys.ts';
import { schema } from '../../../src/config/schema/schema.ts';

/**
 * The JSON schema of one config file as editors want it: each key says what it is for, besides what it may
 * be.
 */
export function publishedSchema(): string {
  const keys: readonly Key[] = KEYS;
  const definitions = keys.map((key): [string, Fragment] => [key.name, described(key)]);
  const published = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'overseer.toml',
    ...schema,
    definitions: Object.fromEntries(definitions),
  };
  return `${JSON.stringify(published, null, 2)}\n`;
}

function described({ doc, schema: of, default: byDefault }: Key): Fragment {
  const description = `${doc} To write: ${of.description}.`;
  return byDefault === null ? { ...of, description } : { ...of, description, default: byDefault };
}
