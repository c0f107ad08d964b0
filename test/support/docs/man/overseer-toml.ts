import { FIRST_CONFIG } from '../../../../src/config/first-config.ts';
import type { Fragment } from '../../../../src/config/schema/fragment.ts';
import { writeToml } from '../../../../src/config/schema/key-table.ts';
import { KEYS, type Key } from '../../../../src/config/schema/keys.ts';
import { VERSION } from '../../../../src/version.ts';
import { bold, example, item, page, paragraph, section } from './roff.ts';

/** overseer.toml(5), from the list of keys that the schema is made of. */
export function overseerTomlPage(): string {
  const keys: readonly Key[] = KEYS;
  return page(
    {
      name: 'overseer.toml',
      section: 5,
      version: VERSION,
      manual: 'File Formats',
      about: 'the config of overseer',
    },
    section(
      'DESCRIPTION',
      paragraph(
        'Every `*.toml` file directly in `$XDG_CONFIG_HOME/overseer/`, by default `~/.config/overseer/`, in TOML 1.0. They are read in the order of their names and taken together. Each table `[[jobs]]` is a job. One table `[defaults]`, in any of the files, may hold every key without the mark `Not in [defaults]`; it applies to every job that does not set the key itself.',
      ),
      paragraph(
        'An unknown key or a wrong value is refused with its place, and a config with any problem is refused whole. `overseer check` looks for them.',
      ),
    ),
    section('KEYS', ...keys.map(keyItem)),
    section('EXAMPLE', paragraph('What `overseer init` writes:'), example(FIRST_CONFIG)),
    section('SEE ALSO', `${bold('overseer')}(1), ${bold('overseerd')}(8)`),
  );
}

function keyItem(key: Key): string {
  const notes = [
    ...(key.required ? ['Required.'] : []),
    ...(key.default === null ? [] : [`Default: \`${writeToml(key.default)}\`.`]),
    ...(key.restarts ? ['A change restarts the job.'] : []),
    ...(key.inDefaults ? [] : ['Not in `[defaults]`.']),
  ];
  return [
    item(bold(key.name), key.doc, `${capital(key.schema.description)}.`, notes.join(' ')),
    ...partItems(key.schema),
  ].join('\n');
}

/** The keys of a table that is the value of a key. */
function partItems({ properties = {} }: Fragment): readonly string[] {
  const parts = Object.entries(properties) as readonly (readonly [string, Fragment])[];
  if (parts.length === 0) return [];
  const items = parts.map(([name, part]) => {
    const byDefault = part.default === undefined ? '' : ` Default: \`${writeToml(part.default)}\`.`;
    return item(bold(name), `${capital(part.description)}.${byDefault}`);
  });
  return ['.RS', ...items, '.RE'];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
