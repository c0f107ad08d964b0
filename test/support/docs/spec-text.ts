/** The numbered requirements of the specification, in its own words and order. */
export interface SpecText {
  readonly requirements: readonly string[];
  readonly daemon: readonly string[];
  readonly client: readonly string[];
}

/** Reads the bullets out of docs/spec.md. */
export function parseSpec(markdown: string): SpecText {
  return {
    requirements: bulletsOf(markdown, 'Requirements').map(({ text }) => text),
    daemon: rulesOf(bulletsOf(markdown, 'Daemon State Machine')),
    client: rulesOf(bulletsOf(markdown, 'Client State Machine')),
  };
}

interface Bullet {
  readonly depth: number;
  readonly text: string;
}

function bulletsOf(markdown: string, heading: string): readonly Bullet[] {
  const [, section = ''] = markdown.split(`\n## ${heading}\n`);
  const [body = ''] = section.split(/\n#{1,2} /);
  return [...body.matchAll(/^( *)- (.*)$/gm)].map(([, indent = '', text = '']) => ({
    depth: indent.length / 2,
    text,
  }));
}

/**
 * A state and what leads out of it become one rule each: `OpenSocket(Homes): Success ->
 * ReceiveRequest(Socket)`.
 */
function rulesOf(bullets: readonly Bullet[]): readonly string[] {
  let state = '';
  const rules: string[] = [];
  for (const { depth, text } of bullets) {
    if (depth === 0) state = text;
    else rules.push(text.startsWith('->') ? `${state} ${text}` : `${state}: ${text}`);
  }
  return rules;
}
