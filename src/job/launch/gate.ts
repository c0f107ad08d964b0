import { constants } from 'node:os';
import type { LaunchRequest } from '../ports.ts';
import { heedsAll, SHELL, shellWords } from './becoming.ts';

/** The first two cannot be handled; the shell needs the third to notice the program's end. */
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
 * The shell beside a program. Its stderr is the record of the exit, which also tells a death by signal from
 * an exit with the same code. dash and busybox report that for a background job with `jobs`. In the
 * foreground they are silent for two signals, and other shells may be for all. A `wait` that a signal
 * interrupts shows it by its code.
 */
const BESIDE = `for number in ${HANDLED.join(' ')}; do command trap : $number; done 2> /dev/null
ground=$1
shift
if [ "$ground$BASH_VERSION$ZSH_VERSION$KSH_VERSION" = background ]
then
${SHELL} "$@" <&3 3<&- &
exec 3<&-
until wait || ! kill -0 "$!" 2> /dev/null; do :; done
wait "$!"
code=$?
jobs >&2
else
${SHELL} "$@" <&3 3<&-
code=$?
fi
echo "$code" >&2
exit "$code"`;

/**
 * For the inner shell, when another one stays beside the program. It reports first which pid the program will
 * have. If it is cancelled, or nobody listens, it kills its group including the outer shell, so that no exit
 * code is recorded for a program that never ran. Until it becomes the program, no other process is in the
 * group.
 */
export const ANNOUNCING = `exec 2> /dev/null
trap 'kill -KILL 0' EXIT
trap : PIPE
echo "$$" >&0
`;

/** Arguments of the shell, which waits at the gate and then becomes the program or stays beside it. */
export function gateArguments(request: LaunchRequest): string[] {
  const words = shellWords(request);
  // A shell starts background jobs with SIGINT and SIGQUIT ignored.
  const ground = heedsAll(request) ? 'background' : 'foreground';
  return request.exitFile === null ? words : ['-c', BESIDE, 'overseer-launch', ground, ...words];
}
