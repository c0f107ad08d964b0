import type { Rule } from '../../../machines/rules.ts';
import { CLIENT_RULES, DAEMON_RULES, HOOK_RULES, JOB_RULES } from '../../../machines/rules.ts';
import type { Graph, GraphEdge } from '../../../src/chart/graph.ts';
import { triggerText } from '../../../src/chart/words.ts';
import type { Facts } from './conformance.ts';
import { edgesOf, testsOf } from './conformance.ts';

/** docs/evidence/conformance.md. */
export function conformancePage(facts: Facts): string {
  const { charts, requirements } = facts;
  const rows = requirements.map((requirement) =>
    row(
      requirement.id,
      requirement.text,
      requirement.code.map(placeLink).join('<br>'),
      testCell(facts, requirement),
    ),
  );
  return `# Conformance

Where the program keeps each line of [the specification](../spec.md), and which tests check it. \`npm run docs\` makes this page from
the specification, the charts in [machines/](../../machines) and the titles of the tests. A test fails when a line of the
specification has no transition or no test, or when a transition has no rule. Ids such as \`T-17\` are listed in [tests.md](tests.md).

## Requirements

${table(['rule', 'the specification', 'code', 'tests'], rows)}
## Daemon State Machine

${ruleTable(facts, charts.daemon, DAEMON_RULES)}
## Client State Machine

${ruleTable(facts, charts.client, CLIENT_RULES)}
## The life of a job

The specification asks for it in two requirements and draws no chart of it: these rules are ours.

${ruleTable(facts, charts.job, JOB_RULES)}
## The hooks of a job

The key \`on\` runs commands when a job enters a state. A small chart beside the one of the job looks after them.

${ruleTable(facts, charts.hook, HOOK_RULES)}
## Refinements

Transitions that the specification does not have, and why they are there.

${table(['chart', 'transition', 'why'], Object.values(charts).flatMap(refinements))}`;
}

function ruleTable(facts: Facts, graph: Graph, rules: readonly Rule[]): string {
  const isOurs = graph === facts.charts.job || graph === facts.charts.hook;
  const rows = rules.map((rule) =>
    row(
      rule.id,
      isOurs ? rule.text : code(rule.text),
      edgesOf(graph, rule)
        .map((edge) => edgeText(graph, edge))
        .join('<br>'),
      testCell(facts, rule),
    ),
  );
  return table(['rule', isOurs ? 'what holds' : 'the specification', 'transitions', 'tests'], rows);
}

function refinements(graph: Graph): readonly string[] {
  return graph.edges.flatMap((edge) =>
    edge.meta.refined === undefined ? [] : [row(graph.id, edgeText(graph, edge), edge.meta.refined)],
  );
}

/** A file once, with the ids of those of its tests that have one. */
function testCell(
  facts: Facts,
  rule: { readonly id: string; readonly text: string; readonly tests?: readonly string[] },
): string {
  const idsOf = new Map<string, string[]>();
  for (const { file, id } of testsOf(facts, rule))
    idsOf.set(file, [...(idsOf.get(file) ?? []), ...(id === null ? [] : [id])]);
  return [...idsOf]
    .map(([file, ids]) => {
      const link = `[${file.replace(/^test\//, '').replace(/\.test\.ts$/, '')}](../../${file})`;
      return ids.length === 0 ? link : `${link} ${ids.join(', ')}`;
    })
    .join('<br>');
}

function edgeText(graph: Graph, edge: GraphEdge): string {
  const inside = (id: string): string => id.slice(graph.id.length + 1) || graph.id;
  const guard = edge.guard === null ? '' : ` [${edge.guard}]`;
  const end = edge.isInternal ? ` / ${edge.actions.join(', ')}` : ` → ${inside(edge.to)}`;
  return code(`${inside(edge.from)}: ${triggerText(edge)}${guard}${end}`);
}

function placeLink(place: string): string {
  const [path = '', name] = place.split('#');
  return `[${name === undefined ? path : `${path}, ${name}`}](../../${path})`;
}

function table(head: readonly string[], rows: readonly string[]): string {
  return [row(...head), row(...head.map(() => '---')), ...rows].join('\n') + '\n';
}

function row(...cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function code(text: string): string {
  return `\`${text}\``;
}
