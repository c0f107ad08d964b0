import { sourcesIn } from '../../support/sources.ts';

const DECLARED = /^export (?:declare )?(?:abstract )?(?:type|interface|class|enum) (\w+)/gm;

test('no two files export a type of the same name', () => {
  const places = new Map<string, string[]>();
  for (const { path, text } of sourcesIn('src', 'machines'))
    for (const [, name = ''] of text.matchAll(DECLARED))
      places.set(name, [...(places.get(name) ?? []), path]);
  expect(places.size).toBeGreaterThan(100);
  expect([...places].filter(([, paths]) => paths.length > 1)).toEqual([]);
});
