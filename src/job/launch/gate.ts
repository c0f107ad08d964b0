import type { LaunchRequest } from '../ports.ts';

/** Waits for `go` on descriptor 3, then becomes the program. The end of the descriptor sends it away. */
const gate = (leave: string): string => `IFS= read -r go <&3 && [ "$go" = go ] || ${leave}
exec 3<&-
umask "$1"
shift
unset go PWD OLDPWD SHLVL
exec "$@"`;

/**
 * Says first which pid the program will have. Sent away, or with nobody there to hear it, it takes the shell beside it along,
 * so that no exit code is written of a program that has never run. Until `go` nobody else is in their group.
 */
const ANNOUNCED = `exec 2>&1
trap : PIPE
echo "$$" 2> /dev/null >&3
${gate('kill -KILL 0')}`;

/** The program is in the foreground, since a shell lets those in the background ignore signals. What the shell has to say of its end is nothing for the log. */
const BESIDE = `exit_file=$1
shift
trap : HUP INT QUIT TRAP ABRT SYS PIPE ALRM TERM USR1 USR2 VTALRM PROF XCPU XFSZ
exec 2> /dev/null
/bin/sh -c '${ANNOUNCED}' overseer-launch "$@"
code=$?
printf '%s\\n' "$code" > "$exit_file.new" && mv "$exit_file.new" "$exit_file"
exit "$code"`;

/** Names that these scripts, or the shell by itself, give another value. */
const TAKEN = new Set(
  'go code exit_file PWD OLDPWD SHLVL PPID IFS OPTIND PS1 PS2 PS4 RANDOM LINENO'.split(' '),
);

/** What `/bin/sh` is given so that it waits at its gate, and then becomes the program or stays beside it. */
export function gateArguments(request: LaunchRequest): string[] {
  const { exitFile, umask } = request;
  const program = [umask.toString(8).padStart(3, '0'), ...commandLine(request)];
  return exitFile === null
    ? ['-c', gate('exit 125'), 'overseer-launch', ...program]
    : ['-c', BESIDE, 'overseer-launch', exitFile, ...program];
}

/** The shell drops names that are no identifiers, so those reach the program through `env`. */
function commandLine({ exe, args, env }: LaunchRequest): string[] {
  const odd = Object.entries(env).filter(
    ([name]) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || TAKEN.has(name),
  );
  return odd.length === 0
    ? [exe, ...args]
    : ['/usr/bin/env', ...odd.map(([name, value]) => `${name}=${value}`), exe, ...args];
}
