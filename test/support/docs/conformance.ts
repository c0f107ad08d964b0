import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Rule } from '../../../machines/rules.ts';
import { CLIENT_RULES, DAEMON_RULES, HOOK_RULES, JOB_RULES } from '../../../machines/rules.ts';
import type { Graph, GraphEdge } from '../../../src/chart/graph.ts';
import type { Requirement } from './requirements.ts';
import type { SpecText } from './spec-text.ts';
import type { TestTitle } from './test-titles.ts';

/** Everything that docs/evidence/conformance.md is made of. */
export interface Facts {
  readonly root: string;
  readonly spec: SpecText;
  readonly requirements: readonly Requirement[];
  readonly charts: Readonly<Record<'daemon' | 'client' | 'job' | 'hook', Graph>>;
  readonly titles: readonly TestTitle[];
}

/** Every mismatch between specification, charts, code and tests. */
export function conformanceProblems(facts: Facts): readonly string[] {
  const { spec, requirements, charts } = facts;
  return [
    ...differences('Requirements', spec.requirements, requirements),
    ...differences('Daemon State Machine', spec.daemon, DAEMON_RULES),
    ...differences('Client State Machine', spec.client, CLIENT_RULES),
    ...ruleProblems(facts, DAEMON_RULES, charts.daemon),
    ...ruleProblems(facts, CLIENT_RULES, charts.client),
    ...ruleProblems(facts, JOB_RULES, charts.job),
    ...ruleProblems(facts, HOOK_RULES, charts.hook),
    ...requirements.flatMap((requirement) => requirementProblems(facts, requirement)),
    ...strangeTitles(facts),
  ];
}

/**
 * The tests that hold a rule: those whose titles begin with its id, and those that the table of requirements
 * lists.
 */
export function testsOf(
  { titles }: Facts,
  { id, tests = [] }: { readonly id: string; readonly tests?: readonly string[] },
): readonly TestTitle[] {
  return titles.filter(
    (title) => title.rules.includes(id) || (title.id !== null && tests.includes(title.id)),
  );
}

/** The transitions that a rule is kept by. */
export function edgesOf(graph: Graph, { id }: Rule): readonly GraphEdge[] {
  return graph.edges.filter(({ meta }) => meta.spec === id);
}

function differences(section: string, asked: readonly string[], rows: readonly Rule[]): readonly string[] {
  const texts = rows.map(({ text }) => text);
  const lost = asked
    .filter((text) => !texts.includes(text))
    .map((text) => `${section}: no rule says "${text}"`);
  const invented = texts
    .filter((text) => !asked.includes(text))
    .map((text) => `${section}: docs/spec.md does not say "${text}"`);
  const inOrder = lost.length + invented.length > 0 || texts.join('\n') === asked.join('\n');
  return [...lost, ...invented, ...(inOrder ? [] : [`${section}: the rules are in another order`])];
}

function ruleProblems(facts: Facts, rules: readonly Rule[], graph: Graph): readonly string[] {
  const known = new Set(rules.map(({ id }) => id));
  const unfounded = graph.edges
    .filter(({ meta }) => (meta.spec === undefined ? !meta.refined : !known.has(meta.spec)))
    .map(
      ({ id, meta }) =>
        `${id}: ${meta.spec === undefined ? 'neither a rule nor a reason' : `there is no rule ${meta.spec}`}`,
    );
  const unkept = rules
    .filter((rule) => edgesOf(graph, rule).length === 0)
    .map(({ id }) => `${id}: no transition of the ${graph.id} chart keeps it`);
  const untested = rules
    .filter((rule) => !testsOf(facts, rule).some(({ sentence }) => sentence === rule.text))
    .map(({ id, text }) => `${id}: no test is called "${id} ${text}"`);
  return [...unfounded, ...unkept, ...untested];
}

function requirementProblems(facts: Facts, requirement: Requirement): readonly string[] {
  const { id, code, tests = [] } = requirement;
  const missing = code
    .filter((place) => !isThere(facts.root, place))
    .map((place) => `${id}: ${place} is not there`);
  const unheld = tests
    .filter((test) => !facts.titles.some((title) => title.id === test))
    .map((test) => `${id}: there is no test ${test}`);
  return [
    ...(code.length === 0 ? [`${id}: no code`] : []),
    ...missing,
    ...unheld,
    ...(testsOf(facts, requirement).length === 0 ? [`${id}: no test's title begins with it`] : []),
  ];
}

function isThere(root: string, place: string): boolean {
  const [path = '', name] = place.split('#');
  if (!existsSync(join(root, path))) return false;
  return name === undefined || new RegExp(`\\b${name}\\b`).test(readFileSync(join(root, path), 'utf8'));
}

function strangeTitles({ titles, requirements }: Facts): readonly string[] {
  const known = new Set(
    [...DAEMON_RULES, ...CLIENT_RULES, ...JOB_RULES, ...HOOK_RULES, ...requirements].map(({ id }) => id),
  );
  return titles.flatMap(({ file, rules }) =>
    rules.filter((id) => !known.has(id)).map((id) => `${file}: a test names ${id}, which is no rule`),
  );
}
