import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AnyStateMachine } from 'xstate';
import { clientMachine } from '../../../machines/client.ts';
import { daemonMachine } from '../../../machines/daemon.ts';
import { hookMachine } from '../../../machines/hook.ts';
import { jobMachine } from '../../../machines/job.ts';
import type { Graph } from '../../../src/chart/graph.ts';
import { graphOf } from '../../../src/chart/graph.ts';
import { toMermaid } from '../../../src/chart/mermaid.ts';
import { simpleView } from '../../../src/chart/simple-view.ts';
import { toSvg } from '../../../src/chart/picture/svg.ts';
import { PAGE as BENCHMARKS, benchmarkPages } from '../../../scripts/bench/page-text.mjs';
import { publishedSchema } from './config-schema.ts';
import type { Facts } from './conformance.ts';
import { conformancePage } from './conformance-page.ts';
import { exchangePage } from './exchange-page.ts';
import { FINDINGS, findingsPage } from './findings-page.ts';
import { overseerPage } from './man/overseer.ts';
import { overseerTomlPage } from './man/overseer-toml.ts';
import { overseerdPage } from './man/overseerd.ts';
import { REQUIREMENTS } from './requirements.ts';
import { withKeys } from './keys-table.ts';
import { withRooms } from './rooms-table.ts';
import { parseSpec } from './spec-text.ts';
import { testTitles } from './test-titles.ts';
import { testsPage } from './tests-page.ts';
import { withTopKeys } from './top-keys.ts';

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
  return new Map([
    ['docs/internals/architecture.md', withRooms(textIn(root, 'docs/internals/architecture.md'))],
    ['docs/configuration.md', withKeys(textIn(root, 'docs/configuration.md'))],
    ['docs/commands.md', withTopKeys(textIn(root, 'docs/commands.md'))],
    ['docs/evidence/conformance.md', conformancePage(facts)],
    ['docs/evidence/tests.md', testsPage(facts.titles)],
    ...charts,
    ...(await Promise.all(pictures)),
    ['docs/charts/life-of-a-job.svg', await lifeOfJob(facts.charts.job)],
    ['docs/man/overseer.1', overseerPage()],
    ['docs/man/overseerd.8', overseerdPage()],
    ['docs/man/overseer.toml.5', overseerTomlPage()],
    ['docs/overseer.schema.json', publishedSchema()],
    ['docs/migrating/keys.md', exchangePage()],
    ...benchmarkPages(textIn(root, BENCHMARKS), JSON.parse(textIn(root, 'scripts/bench/results.json'))),
    ...(findings === null ? [] : [[FINDINGS, findings] as const]),
  ]);
}

const textIn = (root: string, path: string): string => readFileSync(join(root, path), 'utf8');

/** What the pages are made of, read from the repository. */
export function factsOf(root: string): Facts {
  const drawn = (machine: unknown): Graph => graphOf(machine as AnyStateMachine);
  return {
    root,
    spec: parseSpec(textIn(root, 'docs/spec.md')),
    requirements: REQUIREMENTS,
    charts: {
      daemon: drawn(daemonMachine),
      client: drawn(clientMachine),
      job: drawn(jobMachine),
      hook: drawn(hookMachine),
    },
    titles: testTitles(root),
  };
}

/** The picture of the README: a job's life in a dozen arrows. */
function lifeOfJob(job: Graph): Promise<string> {
  const { graph, view } = simpleView(job);
  return toSvg(graph, view);
}
