import { titleOf, type GraphJob, type JobGraph } from './job-graph.ts';

/** What the edges of a picture say: nothing where a job only waits until another is up. */
const edgesOf = ({ jobs }: JobGraph): readonly { from: string; to: string; label: string }[] =>
  jobs.flatMap(({ name, after }) => after.map(({ job, is }) => ({ from: job, to: name, label: is ?? '' })));

/**
 * As a tree in lines: below each job, those that start after it. A job with several dependencies stands once,
 * under the first; elsewhere it is only named.
 */
export function graphText(graph: JobGraph, wordsOf: (job: GraphJob) => string): string {
  const shown = new Set<string>();
  const linesOf = (job: GraphJob): readonly string[] => {
    const isAgain = shown.has(job.name);
    shown.add(job.name);
    const dependents = graph.jobs.filter(({ after }) => after.some((each) => each.job === job.name));
    const line = `${wordsOf(job)}${isAgain && dependents.length > 0 ? ' …' : ''}`;
    if (isAgain) return [line];
    return [
      line,
      ...dependents.flatMap((dependent, at) => {
        const isLast = at === dependents.length - 1;
        const [first = '', ...rest] = linesOf(dependent);
        return [`${isLast ? '└─' : '├─'} ${first}`, ...rest.map((each) => `${isLast ? '  ' : '│ '} ${each}`)];
      }),
    ];
  };
  const first = graph.jobs.filter(({ after }) => after.length === 0);
  return first.map((job) => `${linesOf(job).join('\n')}\n`).join('');
}

/** As a Mermaid flowchart, which GitHub draws. */
export function graphMermaid(graph: JobGraph): string {
  const ids = new Map(graph.jobs.map(({ name }, at) => [name, `job${at + 1}`]));
  const nodes = graph.jobs.map((job) => `  ${ids.get(job.name)}["${mermaidText(labelOf(job))}"]\n`);
  const edges = edgesOf(graph).map(
    ({ from, to, label }) => `  ${ids.get(from)} -->${label === '' ? '' : `|${label}|`} ${ids.get(to)}\n`,
  );
  return `flowchart TD\n${nodes.join('')}${edges.join('')}`;
}

/** As a Graphviz digraph. */
export function graphDot(graph: JobGraph): string {
  const nodes = graph.jobs.map((job) => `  ${dotText(job.name)} [label=${dotText(labelOf(job))}];\n`);
  const edges = edgesOf(graph).map(
    ({ from, to, label }) =>
      `  ${dotText(from)} -> ${dotText(to)}${label === '' ? '' : ` [label=${dotText(label)}]`};\n`,
  );
  return (
    `digraph jobs {\n  rankdir=TB;\n  node [shape=box, ` +
    `style=rounded];\n${nodes.join('')}${edges.join('')}}\n`
  );
}

const labelOf = (job: GraphJob): string =>
  job.state === null ? titleOf(job) : `${titleOf(job)}\n${job.state}`;

const mermaidText = (text: string): string => text.replaceAll('"', '#quot;').replaceAll('\n', '<br/>');
const dotText = (text: string): string =>
  `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
