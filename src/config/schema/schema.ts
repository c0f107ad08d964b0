import { listOf, tableOf, type Fragment } from './fragment.ts';
import { KEYS, type Key } from './keys.ts';

const keys: readonly Key[] = KEYS;
const referTo = ({ name }: Key): [string, { readonly $ref: string }] => [
  name,
  { $ref: `#/definitions/${name}` },
];

const job = {
  ...tableOf('a table', Object.fromEntries(keys.map(referTo))),
  required: keys.filter(({ required }) => required).map(({ name }) => name),
};
const defaults = tableOf(
  'one table, written [defaults]',
  Object.fromEntries(keys.filter(({ inDefaults }) => inDefaults).map(referTo)),
);

/** JSON schema of one config file. The build turns it into `validate.mjs`. */
export const schema: Fragment = {
  ...tableOf('a table', { jobs: listOf(job, 'an array of tables, each written [[jobs]]'), defaults }),
  definitions: Object.fromEntries(keys.map(({ name, schema: of }): [string, Fragment] => [name, of])),
};
