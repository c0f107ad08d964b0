/** The path from the top of a file to a value: keys, and array indexes from 0. */
export type Path = readonly (string | number)[];

/** `['job_command', 'args', 1]` as `job_command.args[1]`. */
export function writePath(path: Path): string {
  return path.map((step, index) => writeStep(step, index === 0)).join('');
}

function writeStep(step: string | number, first: boolean): string {
  if (typeof step === 'number') return `[${step}]`;
  const key = /^[A-Za-z0-9_-]+$/.test(step) ? step : JSON.stringify(step);
  return first ? key : `.${key}`;
}

/** The path that a JSON pointer writes. A number in it is taken for an index. */
export function pathOfPointer(pointer: string): Path {
  const steps = pointer.split('/').slice(1);
  return steps.map((step) =>
    /^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~'),
  );
}
