import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyStateMachine } from 'xstate';
import { clientMachine } from '../../../machines/client.ts';
import { daemonMachine } from '../../../machines/daemon.ts';
import { jobMachine } from '../../../machines/job.ts';
import type { Graph } from '../../../src/chart/graph.ts';
import { graphOf } from '../../../src/chart/graph.ts';
import { toMermaid } from '../../../src/chart/mermaid.ts';
import { simpleView } from '../../../src/chart/simple-view.ts';
import { toSvg } from '../../../src/chart/svg.ts';
import { publishedSchema } from './config-schema.ts';
import type { Facts } from './conformance.ts';
import { conformancePage } from './conformance-page.ts';
import { FINDINGS, findingsPage } from './findings-page.ts';
import { overseerPage } from './man/overseer.ts';
import { overseerTomlPage } from './man/overseer-toml.ts';
import { overseerdPage } from './man/overseerd.ts';
import { REQUIREMENTS } from './requirements.ts';
import { parseSpec } from './spec-text.ts';
import { testTitles } from './test-titles.ts';

const START = '<!-- chart:job -->';
const END = '<!-- /chart -->';

/** Every page that is made, not written: its path in the repository and its text. */
export async function madePages(root: string): Promise<ReadonlyMap<string, string>> {
  const facts = factsOf(root);
  const charts = Object.entries(facts.charts).map(
    ([name, graph]) => [`docs/charts/${name}.mmd`, toMermaid(graph as Graph)] as const,
  );
  const pictures = Object.entries(facts.charts).map(
    async ([name, graph]) => [`docs/charts/${name}.svg`, await toSvg(graph as Graph)] as const,
  );
  const findings = findingsPage(root);
  const readme = readmeWithChart(root, facts.charts.job);
  return new Map([
    ['docs/conformance.md', conformancePage(facts)],
    ...charts,
    ...(await Promise.all(pictures)),
    ['docs/charts/life-of-a-job.svg', await toSvg(facts.charts.job, simpleView(facts.charts.job))],
    ['docs/man/overseer.1', overseerPage()],
    ['docs/man/overseerd.8', overseerdPage()],
    ['docs/man/overseer.toml.5', overseerTomlPage()],
    ['docs/overseer.schema.json', publishedSchema()],
    ...(findings === null ? [] : [[FINDINGS, findings] as const]),
    ...(readme === null ? [] : [['README.md', readme] as const]),
  ]);
}

/** What the pages are made of, read from the repository. */
export function factsOf(root: string): Facts {
  const drawn = (machine: unknown): Graph => graphOf(machine as AnyStateMachine);
  return {
    root,
    spec: parseSpec(readFileSync(join(root, 'docs/spec.md'), 'utf8')),
    requirements: REQUIREMENTS,
    charts: { daemon: drawn(daemonMachine), client: drawn(clientMachine), job: drawn(jobMachine) },
    titles: testTitles(root),
  };
}

/** The life of a job in few arrows, between the marks of README.md; null when there are none. */
function readmeWithChart(root: string, job: Graph): string | null {
  const path = join(root, 'README.md');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const start = text.indexOf(START);
  const end = text.indexOf(END, start);
  if (start < 0 || end < 0) return null;
  return `${text.slice(0, start + START.length)}\n\`\`\`mermaid\n${lifeOfJob(job)}\`\`\`\n${text.slice(end)}`;
}

/** The child's states only, each as one box, with one arrow between two of them. */
export function lifeOfJob(job: Graph): string {
  return toMermaid(job, simpleView(job));
}
