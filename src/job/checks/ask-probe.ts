import type { AliveProbe, CommandLine } from '../../config/config.ts';
import type { Clock, Timer } from '../../host/clock.ts';
import type { ProbeDone, ProbeFailure, Probes, Processes, Program } from '../ports.ts';
import { NoRoom } from '../no-room.ts';
import { verdictOf } from './verdict.ts';

export interface ProbeWorld {
  readonly probes: Probes;
  readonly processes: Processes;
  readonly clock: Clock;
  readonly program: (command: CommandLine) => Program;
}

/**
 * One probe that takes time: it ends with its answer or at its timeout, whichever is first. The time of a
 * command begins with its process. After `end` no answer comes.
 */
export function askProbe(
  world: ProbeWorld,
  probe: AliveProbe & { readonly timeoutMs: number },
  done: ProbeDone,
): { end(): void } {
  let isOver = false;
  const finish: ProbeDone = (failure) => {
    if (isOver) return;
    isOver = true;
    timer?.clear();
    done(failure);
  };
  let timer: Timer | null = null;
  const startTime = (): void => {
    if (isOver) return;
    timer = world.clock.after(probe.timeoutMs, () => {
      attempt.end();
      finish(`${subjectOf(probe)} gave no answer within ${probe.timeoutMs / 1000} s`);
    });
  };
  if (probe.kind !== 'command') startTime();
  const attempt = begin(world, probe, finish, startTime);
  return {
    end: () => {
      if (isOver) return;
      isOver = true;
      timer?.clear();
      attempt.end();
    },
  };
}

function begin(
  { probes, processes, program }: ProbeWorld,
  probe: AliveProbe,
  done: ProbeDone,
  begun: () => void,
): { end(): void } {
  switch (probe.kind) {
    case 'command':
      return processes.runTest(
        program(probe.command),
        (end) => {
          const { verdict, detail } = verdictOf(end, null);
          const failure = `${subjectOf(probe)} ${detail}`;
          if (end.isOfNoRoom === true) done(new NoRoom(failure));
          else done(verdict === 'pass' ? null : failure);
        },
        begun,
      );
    case 'tcp':
      return probes.connect(probe, (failure) => done(about(probe, failure)));
    case 'http':
      return probes.request(probe.url, (failure) => done(about(probe, failure)));
    default:
      return probe satisfies never;
  }
}

function about(probe: AliveProbe, failure: ProbeFailure): ProbeFailure {
  if (failure instanceof NoRoom) return new NoRoom(`${subjectOf(probe)}: ${failure.detail}`);
  return failure === null ? null : `${subjectOf(probe)}: ${failure}`;
}

function subjectOf(probe: AliveProbe): string {
  switch (probe.kind) {
    case 'command':
      return `\`${[probe.command.exe, ...probe.command.args].join(' ')}\``;
    case 'tcp':
      return `${probe.host}:${probe.port}`;
    case 'http':
      return probe.url;
    default:
      return probe satisfies never;
  }
}
