import { constants } from 'node:os';
import type { LaunchRequest } from '../ports.ts';
import { heedsAll, shellWords } from './becoming.ts';

/** Nobody can handle the first two; a shell needs the third to hear of its program's end. */
const UNHEEDED = new Set<string>(['SIGKILL', 'SIGSTOP', 'SIGCHLD']);

/** Linux has signals beyond those with names; the first two of them are the C library's own. */
const REAL_TIME = process.platform === 'linux' ? Array.from({ length: 31 }, (_, index) => 34 + index) : [];

/** The signals that a program may handle. A shell that is sent them with its group must survive every one. */
const HANDLED = [
  ...new Set([
    ...Object.entries(constants.signals).flatMap(([name, number]) => (UNHEEDED.has(name) ? [] : [number])),
    ...REAL_TIME,
  ]),
];

/**
 * The shell beside a program. Its stderr is the record of the program's exit, in which it also says what tells a program that
 * a signal has killed from one that ends with the same code by itself. dash, and the shell of busybox, know it of a job in the
 * background, and say it with `jobs`. In the foreground they are silent of two signals, and other shells may be of all.
 * A `wait` that a signal breaks off says so by its code.
 */
const BESIDE = `for number in ${HANDLED.join(' ')}; do command trap : $number; done 2> /dev/null
ground=$1
shift
if [ "$ground$BASH_VERSION$ZSH_VERSION$KSH_VERSION" = background ]
then
/bin/sh "$@" <&3 3<&- &
exec 3<&-
until wait || ! kill -0 "$!" 2> /dev/null; do :; done
wait "$!"
code=$?
jobs >&2
else
/bin/sh "$@" <&3 3<&-
code=$?
fi
echo "$code" >&2
exit "$code"`;

/**
 * Read by the shell that will be the program, when one stays beside it: it says first which pid the program will have. Sent
 * away, or with nobody there to hear it, it takes the shell beside it along, so that no exit code is recorded of a program
 * that has never run. Until it becomes the program nobody else is in their group.
 */
export const ANNOUNCING = `exec 2> /dev/null
trap 'kill -KILL 0' EXIT
trap : PIPE
echo "$$" >&0
`;

/** What `/bin/sh` is given to wait at its gate, and then become the program or stay beside it. */
export function gateArguments(request: LaunchRequest): string[] {
  const words = shellWords(request);
  // A shell lets what it begins in the background ignore SIGINT and SIGQUIT.
  const ground = heedsAll(request) ? 'background' : 'foreground';
  return request.exitFile === null ? words : ['-c', BESIDE, 'overseer-launch', ground, ...words];
}
