import fc from 'fast-check';
import parser from 'toml/lib/parser.js';
import { parse } from 'toml';
import { Positions } from '../../../../src/config/toml/positions.ts';

type Path = readonly (string | number)[];
type Value = string | number | boolean | readonly Value[] | { readonly [key: string]: Value };

const KEYS = ['a', 'b', 'x-y', '"q r"', "'s'", '"\\u00e9"', '__proto__'];
const BARE = new Map([
  ['"q r"', 'q r'],
  ["'s'", 's'],
  ['"\\u00e9"', 'é'],
]);
const bare = (key: string): string => BARE.get(key) ?? key;

/** A value as TOML may write it, with the value itself. */
const { value } = fc.letrec<{ value: { text: string; value: Value } }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.integer({ min: -99, max: 99 }).map((number) => ({ text: `${number}`, value: number })),
    fc.boolean().map((flag) => ({ text: `${flag}`, value: flag })),
    fc.constantFrom('"x"', "'[[a]]'", '"""\nä # no\n"""', "'''='''", '"\\"]"').map((text) => ({
      text,
      value: (parse(`v = ${text}`) as { v: string }).v,
    })),
    fc
      .tuple(fc.array(tie('value'), { maxLength: 3 }), fc.constantFrom(' ', '\n  # c\n'))
      .map(([items, gap]) => ({
        text: `[${gap}${items.map(({ text }) => text).join(`,${gap}`)}${gap}]`,
        value: items.map((item) => item.value),
      })),
    fc
      .uniqueArray(fc.tuple(fc.constantFrom(...KEYS), tie('value')), {
        maxLength: 3,
        selector: ([key]) => key,
      })
      .map((entries) => ({
        text: `{ ${entries.map(([key, each]) => `${key} = ${each.text}`).join(', ')} }`,
        value: Object.fromEntries(entries.map(([key, each]) => [bare(key), each.value])) as Value,
      })),
  ),
}));

/** Tables one below the other, each with keys of its own. */
const documents = fc
  .array(
    fc.record({
      isArray: fc.boolean(),
      entries: fc.uniqueArray(fc.tuple(fc.constantFrom(...KEYS), value), {
        maxLength: 4,
        selector: ([key]) => key,
      }),
      blank: fc.constantFrom('', '\n', '# [[jobs]]\n', '\r\n', '  '),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((tables) => {
    let text = '';
    const found: { readonly path: Path; readonly value: Value }[] = [];
    let jobs = 0;
    for (const [index, { isArray, entries, blank }] of tables.entries()) {
      const table: Path = isArray ? ['jobs', jobs] : [`t${index}`, 'deep'];
      text += `${blank}${isArray ? '[[jobs]]' : `[t${index} . "deep"]`}\n`;
      if (isArray) jobs += 1;
      for (const [key, each] of entries) {
        text += `${blank === '  ' ? blank : ''}${key} = ${each.text}\n`;
        found.push({ path: [...table, bare(key)], value: each.value });
      }
    }
    return { text, found };
  });

/** Every value within one, with its path. */
function* within(path: Path, value: Value): Generator<{ path: Path; value: Value }> {
  yield { path, value };
  if (typeof value !== 'object') return;
  for (const [key, item] of Object.entries(value))
    yield* within([...path, Array.isArray(value) ? Number(key) : key], item as Value);
}

test('the place of each value is where that value stands, however it is written', () => {
  fc.assert(
    fc.property(documents, ({ text, found }) => {
      const positions = new Positions(parser.parse(text, {}));
      for (const top of found)
        for (const { path, value } of within(top.path, top.value)) {
          // Anything deeper is reported further up.
          if (path.length > 8) continue;
          const at = positions.of(path);
          const rest = text.slice(at.value);
          expect({ path, value: readFirst(rest) }).toEqual({ path, value });
          const key = path.at(-1);
          if (typeof key === 'string')
            expect({
              path,
              key: bare(/^("[^"]*"|'[^']*'|[\w-]+)/.exec(text.slice(at.key))?.[0] ?? ''),
            }).toEqual({
              path,
              key,
            });
        }
    }),
    { numRuns: 100 },
  );
});

/** The value that a text begins with: the shortest beginning that is one and means what the whole would. */
function readFirst(text: string): Value | undefined {
  // A number or a word goes on to its last letter, and three quotes are one.
  const word = /^(?:-?\w+)/.exec(text)?.[0];
  if (word !== undefined) return tried(word);
  const closing = text.startsWith('[') ? ']' : text.startsWith('{') ? '}' : text.charAt(0);
  const from = /^(?:"""|''')/.test(text) ? 5 : 1;
  for (let end = text.indexOf(closing, from); end >= 0; end = text.indexOf(closing, end + 1)) {
    const read = tried(text.slice(0, end + 1));
    if (read !== undefined) return read;
  }
  return undefined;
}

function tried(text: string): Value | undefined {
  try {
    return JSON.parse(JSON.stringify((parse(`v = ${text}`) as { v: Value }).v)) as Value;
  } catch {
    return undefined;
  }
}
