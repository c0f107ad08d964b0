import type { Cli } from './cli.ts';

/** `overseer --project status`: a command as it is called for the same folders as this call. */
export function callFor({ args }: Pick<Cli, 'args'>, command = ''): string {
  const named = ['project', 'config', 'data'].flatMap((name) => {
    const value = args.text(name);
    if (value === null) return [];
    return [name === 'project' ? (value === '.' ? '--project' : `--project=${value}`) : `--${name} ${value}`];
  });
  return ['overseer', ...named, ...(command === '' ? [] : [command])].join(' ');
}
