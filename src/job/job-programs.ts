import type { Hook } from '../../machines/hook.ts';
import type { Alive, CommandLine, Job, Ready } from '../config/config.ts';
import { resolveAlive, resolveReady } from '../config/values/ready.ts';
import { jobEnvironment, markerOf, testEnvironment } from './environment.ts';
import type { Marker, Program } from './ports.ts';

export interface JobProgramsOptions {
  readonly job: () => Job;
  /** The number of the instance where the config asks for several. */
  readonly number: string | null;
  readonly baseEnvironment: Readonly<Record<string, string>>;
  readonly folderId: string;
  /** The path of its log. */
  readonly log: string;
}

/** The programs of one instance, with their working directory and environment. */
export class JobPrograms {
  readonly #options: JobProgramsOptions;

  constructor(options: JobProgramsOptions) {
    this.#options = options;
  }

  /** The program of the job itself. */
  main(): Program {
    return this.#program(this.#options.job().command);
  }

  /** A test or a probe of the job. */
  test(command: CommandLine): Program {
    const program = this.#program(command);
    return { ...program, env: testEnvironment(program.env) };
  }

  /** A hook of the job: like a test, and told which state the job has entered. */
  hook(command: CommandLine, { state, from, detail, exitCode, exitSignal }: Hook): Program {
    const program = this.test(command);
    return {
      ...program,
      env: {
        ...program.env,
        OVERSEER_STATE: state,
        OVERSEER_FROM: from,
        OVERSEER_DETAIL: detail,
        OVERSEER_EXIT_CODE: exitCode === null ? '' : String(exitCode),
        OVERSEER_EXIT_SIGNAL: exitSignal ?? '',
      },
    };
  }

  /**
   * The probe with its variables resolved. If this daemon's environment lacks one of them, the probe stays
   * unresolved and fails.
   */
  ready(): Ready | null {
    const { ready } = this.#options.job();
    if (ready?.written === undefined) return ready;
    const variables = this.#environment();
    const resolved = resolveReady(ready, { variables, home: variables['HOME'] ?? '' });
    return resolved.ok ? resolved.value : ready;
  }

  /** The check that is made while it runs, in the same way. */
  alive(): Alive | null {
    const { alive } = this.#options.job();
    if (alive?.written === undefined) return alive;
    const variables = this.#environment();
    const resolved = resolveAlive(alive, { variables, home: variables['HOME'] ?? '' });
    return resolved.ok ? resolved.value : alive;
  }

  /** What tells the processes of the instance from all others. */
  marker(): Marker {
    return { ...this.environmentMarker(), log: this.#options.log };
  }

  /** The same, without what writes to the log. */
  environmentMarker(): Marker {
    return markerOf(this.#environment());
  }

  #program(command: CommandLine): Program {
    return { exe: command.exe, args: command.args, cwd: this.#options.job().cwd, env: this.#environment() };
  }

  #environment(): Record<string, string> {
    const { baseEnvironment, number, job, folderId } = this.#options;
    return jobEnvironment(baseEnvironment, job(), number, folderId);
  }
}
