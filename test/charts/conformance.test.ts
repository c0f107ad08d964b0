import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Facts } from '../support/docs/conformance.ts';
import { conformanceProblems } from '../support/docs/conformance.ts';
import { factsOf, madePages } from '../support/docs/pages.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test('each line of the specification has its rule, transition or code, and test, and vice versa', () => {
  expect(conformanceProblems(factsOf(ROOT))).toEqual([]);
});

test('the specification asks for 13 things, 12 transitions of the daemon and 17 of the client', () => {
  const { requirements, daemon, client } = factsOf(ROOT).spec;
  expect([requirements.length, daemon.length, client.length]).toEqual([13, 12, 17]);
});

test.each([...(await madePages(ROOT))])('%s is what `npm run docs` makes', (path, text) => {
  expect(existsSync(join(ROOT, path)) && readFileSync(join(ROOT, path), 'utf8')).toBe(text);
});

test('a lost line, rule, transition, reason, test, file or name is found', () => {
  const facts = factsOf(ROOT);
  const { spec, charts, titles, requirements } = facts;
  const daemon = charts.daemon;
  const before = conformanceProblems(facts);
  const found = (change: Partial<Facts>): string | undefined =>
    conformanceProblems({ ...facts, ...change }).find((problem) => !before.includes(problem));
  expect([
    found({ spec: { ...spec, daemon: spec.daemon.slice(1) } }),
    found({ spec: { ...spec, client: [...spec.client, 'Done -> Start'] } }),
    found({
      charts: {
        ...charts,
        daemon: { ...daemon, edges: daemon.edges.filter(({ meta }) => meta.spec !== 'D-7') },
      },
    }),
    found({
      charts: {
        ...charts,
        daemon: {
          ...daemon,
          edges: daemon.edges.map((edge) => ({ ...edge, meta: edge.meta.refined ? {} : edge.meta })),
        },
      },
    }),
    found({ titles: titles.filter(({ rules }) => !rules.includes('J-40')) }),
    found({ requirements: [{ ...requirements[0]!, code: ['src/lost.ts'] }, ...requirements.slice(1)] }),
    found({
      titles: [...titles, { file: 'x.test.ts', id: null, rules: ['J-99'], sentence: 'a rule of nobody' }],
    }),
  ]).toEqual([
    'Daemon State Machine: docs/spec.md does not say "Start -> InitHomes"',
    'Client State Machine: no rule says "Done -> Start"',
    'D-7: no transition of the daemon chart keeps it',
    'daemon.Exit Failure 0: neither a rule nor a reason',
    'J-40: no test is called "J-40 A job that failed too often in a row is given up"',
    'R-1: src/lost.ts is not there',
    'x.test.ts: a test names J-99, which is no rule',
  ]);
});
