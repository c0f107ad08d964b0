import { graphDot, graphMermaid, graphText } from '../../../../src/cli/graph/draw-graph.ts';
import { jobGraph, titleOf, withDependencies, type JobGraph } from '../../../../src/cli/graph/job-graph.ts';
import { LEAST_JOB } from '../../../support/least-job.ts';

/** A graph of these jobs, each with what it starts after. */
const graphOf = (jobs: Readonly<Record<string, readonly string[]>>): JobGraph =>
  jobGraph(
    Object.entries(jobs).map(([name, after]) => ({ ...LEAST_JOB, name, after })),
    null,
  );
const DIAMOND = graphOf({ db: [], api: ['db'], jobs: ['db'], web: ['api', 'jobs'], cdn: ['web'] });

test('a job that several lead to has what follows it once, and elsewhere a sign of more', () => {
  expect(graphText(DIAMOND, titleOf)).toBe(
    ['db', '├─ api', '│  └─ web', '│     └─ cdn', '└─ jobs', '   └─ web …', ''].join('\n'),
  );
});

test('jobs that come after nothing each begin a tree, in the order of the config', () => {
  expect(graphText(graphOf({ b: [], a: [], c: ['a'] }), titleOf)).toBe('b\na\n└─ c\n');
});

test('an arrow says nothing where a job only waits until the other is up', () => {
  const pair = graphOf({ db: [], web: ['db'] });
  expect(graphMermaid(pair)).toBe('flowchart TD\n  job1["db"]\n  job2["web"]\n  job1 --> job2\n');
  expect(graphDot(pair).split('\n').at(-3)).toBe('  "db" -> "web";');
});

test('the pictures have the number of copies of a job that the daemon does not know', () => {
  const graph = jobGraph([{ ...LEAST_JOB, name: 'api', instances: 3 }], null);
  expect([graphMermaid(graph), graphDot(graph)]).toEqual([
    expect.stringContaining('job1["api ×3"]'),
    expect.stringContaining('"api" [label="api ×3"];'),
  ]);
  expect([0, 1, 2].map((instances) => titleOf({ name: 'a', instances, state: null, after: [] }))).toEqual([
    'a ×0',
    'a',
    'a ×2',
  ]);
});

test('what a job needs is drawn with all that this needs, through any number of jobs', () => {
  const names = (wanted: string): readonly string[] =>
    withDependencies(DIAMOND, new Set([wanted])).jobs.map(({ name }) => name);
  expect([names('web'), names('jobs'), names('db')]).toEqual([
    ['db', 'api', 'jobs', 'web'],
    ['db', 'jobs'],
    ['db'],
  ]);
});
