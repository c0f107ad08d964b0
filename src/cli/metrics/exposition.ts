/** One metric in Prometheus' text format, version 0.0.4. */
export interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'summary';
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** For a summary: which of its two lines this is. */
  readonly part?: 'sum' | 'count';
}

/** The text that Prometheus scrapes. A metric without samples is left out. */
export function exposition(metrics: readonly Metric[]): string {
  return metrics
    .filter(({ samples }) => samples.length > 0)
    .map(
      ({ name, type, help, samples }) =>
        `# HELP ${name} ${escapedHelp(help)}\n# TYPE ${name} ` +
        `${type}\n${samples.map((sample) => lineOf(name, sample)).join('')}`,
    )
    .join('');
}

function lineOf(metric: string, { labels, value, part }: Sample): string {
  const name = part === undefined ? metric : `${metric}_${part}`;
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapedLabel(text)}"`);
  return `${name}${pairs.length === 0 ? '' : `{${pairs.join(',')}}`} ${value}\n`;
}

const escapedHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
const escapedLabel = (text: string): string => escapedHelp(text).replaceAll('"', '\\"');
