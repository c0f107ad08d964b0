import { madeVisible } from '../../text/invisible.ts';

/** The path from the top of a file to a value: keys, and array indexes from 0. */
export type Path = readonly (string | number)[];

/** `['job_command', 'args', 1]` as `job_command.args[1]`. */
export function writePath(path: Path): string {
  return path.map((step, index) => writeStep(step, index === 0)).join('');
}

function writeStep(step: string | number, first: boolean): string {
  if (typeof step === 'number') return `[${step}]`;
  const key = /^[A-Za-z0-9_-]+$/.test(step) ? step : madeVisible(JSON.stringify(step));
  return first ? key : `.${key}`;
}

/** The path that a JSON pointer writes. A number is an index only in an array: a key may be one, too. */
export function pathOfPointer(pointer: string, data: unknown): Path {
  let value = data;
  return pointer
    .split('/')
    .slice(1)
    .map((written) => {
      const key = written.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(value) ? Number(key) : key;
      value = (value as Readonly<Record<string | number, unknown>>)[step];
      return step;
    });
}
