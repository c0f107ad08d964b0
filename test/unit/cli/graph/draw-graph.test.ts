import { graphDot, graphMermaid, graphText } from '../../../../src/cli/graph/draw-graph.ts';
import { graphSvg } from '../../../../src/cli/graph/graph-svg.ts';
import { jobGraph, withDependencies } from '../../../../src/cli/graph/job-graph.ts';
import type { Job } from '../../../../src/config/config.ts';
import type { Status } from '../../../../src/wire/messages.ts';
import { LEAST_JOB } from '../../../support/least-job.ts';

const job = (name: string, more: Partial<Job> = {}): Job => ({ ...LEAST_JOB, name, ...more });

const JOBS = [
  job('db', { tags: ['infra'] }),
  job('api', { after: ['db'], afterIs: { db: 'running' }, instances: 3 }),
  job('web', { after: ['api@2', 'tag:infra'] }),
  job('clock'),
];

const states = (each: Readonly<Record<string, string>>): Status =>
  ({
    jobs: Object.entries(each).map(([name, state]) => ({ name, job: name.split('@')[0], state })),
  }) as unknown as Status;

test('a word in after is a job, the job of an instance, or every job with a tag', () => {
  expect(
    jobGraph(JOBS, null).jobs.map(({ name, after }) => [name, ...after.map(({ job: on }) => on)]),
  ).toEqual([['db'], ['api', 'db'], ['web', 'api', 'db'], ['clock']]);
});

test('the state of a job with copies is that of the copy which most needs a look', () => {
  const { jobs } = jobGraph(
    JOBS,
    states({ 'api@1': 'running', 'api@2': 'backoff', 'api@3': 'starting', db: 'running' }),
  );
  expect(jobs.map(({ state }) => state)).toEqual(['running', 'backoff', null, null]);
});

test('a job is drawn with all that it needs, and nothing else', () => {
  expect(withDependencies(jobGraph(JOBS, null), new Set(['api'])).jobs.map(({ name }) => name)).toEqual([
    'db',
    'api',
  ]);
});

test('the graph as text is a tree in which each job has its dependents once', () => {
  expect(graphText(jobGraph(JOBS, null), ({ name }) => name)).toBe(
    ['db', '├─ api', '│  └─ web', '└─ web', 'clock', ''].join('\n'),
  );
});

test('the graph in Mermaid and DOT has a node for each job and an arrow for each dependency', () => {
  const graph = jobGraph(JOBS.slice(0, 2), states({ db: 'running', 'api@1': 'waiting' }));
  expect(graphMermaid(graph)).toBe(
    'flowchart TD\n  job1["db<br/>running"]\n  job2["api ×3<br/>waiting"]\n  job1 -->|running| job2\n',
  );
  expect(graphDot(graph)).toBe(
    'digraph jobs {\n  rankdir=TB;\n  node [shape=box, style=rounded];\n  "db" [label="db\\nrunning"];\n  "api" [label="api ×3\\nwaiting"];\n  "db" -> "api" [label="running"];\n}\n',
  );
});

test('the graph picture has a box for each job, an arrow for each dependency, a colour per state', async () => {
  const svg = await graphSvg(jobGraph(JOBS, states({ db: 'failed' })));
  expect([...svg.matchAll(/<title>(\w+)<\/title>/g)].map(([, name]) => name)).toEqual([
    'db',
    'api',
    'web',
    'clock',
  ]);
  expect(svg.match(/class="arrow"/g)).toHaveLength(3);
  expect(svg).toContain('class="box bad"');
});
