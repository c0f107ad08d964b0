import type { Gap } from './composed.ts';
import { Composed } from './composed.ts';
import { problemOf } from './rules.ts';
import type { Scenario } from './scenario.ts';
import { explored } from './scenario.ts';
import type { Violation } from './violation.ts';
import { violationOf } from './violation.ts';

/** A line of the specification that, taken as it stands, lets two clients and a daemon go wrong. */
export interface GapCase {
  readonly gap: Gap;
  readonly literal: string;
  readonly refinement: string;
  /** The rule that it breaks. */
  readonly breaks: string;
  readonly scenario: Scenario;
}

export const GAPS: readonly GapCase[] = [
  {
    gap: 'a reset ends the daemon',
    literal:
      '`ReceiveRequest(Socket): Failure -> Exit(Err(SocketReadError))`, where reading from a client is what fails',
    refinement: 'Failure means the listening socket; what one client does wrong ends its own connection',
    breaks: 'a daemon exits with an error although it works',
    scenario: { asked: ['apply', 'status'], starts: ['a daemon'], faults: 1 },
  },
  {
    gap: 'a departed client ends the daemon',
    literal:
      '`SendResponse(Socket): Failure -> Exit(Err(SocketWriteError))`, where writing to a client is what fails',
    refinement: 'a client that has left counts as answered',
    breaks: 'a daemon exits with an error although it works',
    scenario: { asked: ['apply', 'status'], starts: ['a daemon'], faults: 1 },
  },
  {
    gap: 'DIE has no answer',
    literal: '`ProcessRequest(Socket, Request): "DIE" -> Exit(Ok(()))`, which sends no response',
    refinement: 'Exit ends the jobs, persists what is left, and then answers the client that asked for it',
    breaks: 'a command fails although nothing is wrong with client or daemon',
    scenario: { asked: ['status', 'DIE'], starts: ['a daemon'], faults: 0 },
  },
  {
    gap: 'launches have no bound',
    literal: '`OpenSocket(Homes): Failure -> DeleteSocketFile(Homes)`, however often it was tried',
    refinement: 'after five launches the client gives up and says why',
    breaks: 'the steps repeat for ever',
    scenario: { asked: ['apply', 'status'], starts: ['a daemon'], faults: 1 },
  },
  {
    gap: 'no lock',
    literal:
      '`DeleteSocketFile(Homes) -> LaunchDaemon(Homes)`, where the socket file is all that tells of a daemon',
    refinement: 'a kernel lock in the data folder decides who serves',
    breaks: 'two daemons own the data folder at once',
    scenario: { asked: ['apply', 'apply'], starts: ['nothing'], faults: 0 },
  },
  {
    gap: 'any socket file is deleted',
    literal: '`DeleteSocketFile(Homes)`, whatever the file is by then',
    refinement:
      'only the very file that led nowhere is deleted, and a daemon whose file is gone writes it again',
    breaks: 'a command fails although nothing is wrong with client or daemon',
    scenario: { asked: ['apply', 'apply'], starts: ['a stale socket file'], faults: 0 },
  },
  {
    gap: 'requests wait for each other',
    literal: '`ProcessRequest(Socket, Request)` to its end before the next `ReceiveRequest(Socket)`',
    refinement: 'the loop only admits a request; its progress and its answer follow while the loop goes on',
    breaks: 'B must wait until the request of the other client is done',
    scenario: { asked: ['apply', 'status'], starts: ['a daemon'], faults: 0 },
  },
  {
    gap: 'every command launches',
    literal: '`CheckSocketExists(Homes): Failure -> LaunchDaemon`, whatever was asked',
    refinement: 'only commands that start something start a daemon',
    breaks: 'a command that only asks starts a daemon',
    scenario: { asked: ['apply', 'DIE'], starts: ['nothing'], faults: 0 },
  },
  {
    gap: 'the jobs of an earlier daemon are not adopted',
    literal: '`InitHomes: Success -> OpenSocket(Homes)`, with nothing said of what an earlier daemon left',
    refinement: 'reading the kept state and adopting live jobs is part of the success of InitHomes',
    breaks: 'each job runs twice',
    scenario: { asked: ['apply', 'status'], starts: ['a killed daemon'], faults: 0 },
  },
];

/** The shortest way on which the specification's text breaks a rule; null when it does not. */
export function counterExample({ gap, scenario }: GapCase): Violation | null {
  return violationOf(explored(new Composed(gap), scenario, (world) => problemOf(world) !== null));
}
