import { parsed, refused, type Parsed } from '../result.ts';

/** The variables that a value may refer to, and the home folder. */
export interface Known {
  readonly variables: Readonly<Record<string, string>>;
  readonly home: string;
}

const REFERENCE = /\$\$|\$\{(?<inner>[^}]*)(?<end>\}?)/g;
const INNER = /^(?<name>[A-Za-z_][A-Za-z0-9_]*)(?::-(?<text>[^]*))?$/;
const CURE = 'write ${NAME} or ${NAME:-text}, and $$ for a dollar sign';

/**
 * Replaces `${NAME}` and `${NAME:-text}` by the variable, `$$` by a dollar sign and a leading `~/` by the
 * home folder. An unknown name is refused with its place in the text.
 */
export function expandReferences(text: string, known: Known): Parsed<string> {
  for (const match of text.matchAll(REFERENCE)) {
    const error = referenceError(match, known);
    if (error !== null) return refused(error, match.index);
  }
  return parsed(withReferences(text, known));
}

/** Expands references; a variable that this daemon's environment lacks becomes empty. */
export function withReferences(text: string, { variables, home }: Known): string {
  return text
    .replace(/^~(?=\/)/, () => home)
    .replaceAll(REFERENCE, (whole: string, inner: string | undefined) => {
      if (inner === undefined) return '$';
      const { name, text: other = '' } = INNER.exec(inner)?.groups ?? {};
      return name === undefined ? whole : valueOf(name, variables) || other;
    });
}

const valueOf = (name: string, variables: Known['variables']): string =>
  Object.hasOwn(variables, name) ? (variables[name] ?? '') : '';

function referenceError({ 0: whole, groups }: RegExpExecArray, { variables }: Known): string | null {
  if (whole === '$$') return null;
  const found = groups?.['end'] === '' ? null : INNER.exec(groups?.['inner'] ?? '')?.groups;
  if (found?.['name'] === undefined) return `this is no reference: ${CURE}`;
  const { name, text } = found;
  if (text !== undefined || Object.hasOwn(variables, name)) return null;
  return (
    `\${${name}} is not known: a value may refer to the environment of the daemon that jobs get, to ` +
    `env_file, to OVERSEER_JOB and, with instances, to OVERSEER_INSTANCE; \${${name}:-text} says ` +
    `what to take instead, and $\${${name}} is that text itself`
  );
}
