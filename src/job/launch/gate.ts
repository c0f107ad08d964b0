import { constants } from 'node:os';
import type { LaunchRequest } from '../ports.ts';
import { shellWords } from './becoming.ts';

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
 * The shell beside a program. The program is in the foreground, since a shell lets those in the background ignore signals.
 * Its stderr is the record of the program's exit: most shells say there by which signal a program was killed, and so tell it
 * from one that ends with the same code by itself.
 */
const BESIDE = `for number in ${HANDLED.join(' ')}; do command trap : $number; done 2> /dev/null
/bin/sh "$@" <&3 3<&-
code=$?
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
  return request.exitFile === null ? words : ['-c', BESIDE, 'overseer-launch', ...words];
}
