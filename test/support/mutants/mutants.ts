import { FLEET_PARTS } from './fleet-parts.ts';
import { KEY_PARTS } from './key-parts.ts';
import { HOOK_PARTS } from './hook-parts.ts';
import { ROLL_PARTS } from './roll-parts.ts';
import { JOB_PARTS } from './job-parts.ts';
import { WORLD_PARTS } from './world-parts.ts';

/** A planted bug: in `file`, the one place that reads `find` reads `replace` instead. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
  /** What goes wrong with this bug. */
  readonly why: string;
  /** The tests that are asked, where no layer of tests runs this part. */
  readonly tests?: readonly string[];
}

const JOB: readonly Mutant[] = [
  {
    name: 'old-facts',
    file: 'machines/job.ts',
    find: "isCurrentRun: ({ context, event }) => 'run' in event && event.run === context.run,",
    replace: "isCurrentRun: ({ event }) => 'run' in event,",
    why: 'facts of older runs are believed',
  },
  {
    name: 'cancelled-tests',
    file: 'machines/job.ts',
    find: "isCurrentTest: and([\n      stateIn({ test: 'Testing' }),\n      ({ context, event }) => 'test' in event && event.test === context.test,\n    ]),",
    replace: "isCurrentTest: ({ context, event }) => 'test' in event && event.test === context.test,",
    why: 'the result of a test that was cancelled is believed',
  },
  {
    name: 'undecided-survives-die',
    file: 'machines/job.ts',
    find: "            Remove: { target: 'Removed', meta: { spec: 'J-9' } },\n            Die: { target: 'No.ByDie', meta: { spec: 'J-10' } },\n          },\n        },\n        Yes: {",
    replace:
      "            Remove: { target: 'Removed', meta: { spec: 'J-9' } },\n          },\n        },\n        Yes: {",
    why: 'a job that is undecided does not hear that the daemon dies',
  },
  {
    name: 'removed-is-wanted',
    file: 'machines/job.ts',
    find: "isUnwanted: or([stateIn({ want: 'No' }), stateIn({ want: 'Removed' })]),",
    replace: "isUnwanted: or([stateIn({ want: 'No' })]),",
    why: 'the child of a removed job is not stopped',
  },
  {
    name: 'starts-before-others',
    file: 'machines/job.ts',
    find: 'hasDependenciesUp: ({ context }) => !context.policy.hasDependencies || context.dependenciesUp,',
    replace:
      'hasDependenciesUp: ({ context }) => !context.policy.hasDependencies || !context.dependenciesUp || context.dependenciesUp,',
    why: 'a job starts before those that it comes after',
  },
  {
    name: 'runs-unwanted',
    file: 'machines/job.ts',
    find: "          initial: 'Starting',\n          always: {\n            guard: 'isUnwanted',\n            target: 'Ending',\n            actions: 'markStopRequested',\n            meta: { spec: 'J-35' },\n          },\n",
    replace: "          initial: 'Starting',\n",
    why: 'a running child that is not wanted any more is not stopped',
  },
  {
    name: 'apply-ends-hold',
    file: 'machines/job.ts',
    find: '            ByHand: {\n              on: {\n',
    replace:
      "            ByHand: {\n              on: {\n                Apply: { target: '#job.want.Unknown', actions: 'configure', meta: { spec: 'J-8' } },\n",
    why: 'a trigger ends a stop by hand',
  },
  {
    name: 'never-released',
    file: 'machines/job.ts',
    find: "target: 'Settling',\n                      actions: ['noteChild', 'releaseChild']",
    replace: "target: 'Settling',\n                      actions: ['noteChild']",
    why: 'a recorded child is never let run',
  },
  {
    name: 'released-while-ending',
    file: 'machines/job.ts',
    find: "Spawned: { guard: 'isCurrentRun', actions: ['noteChild', 'stopGroup'], meta: { spec: 'J-27' } },\n            Start:",
    replace:
      "Spawned: { guard: 'isCurrentRun', actions: ['noteChild', 'releaseChild'], meta: { spec: 'J-27' } },\n            Start:",
    why: 'a child that is stopped before it was recorded is let run',
  },
  {
    name: 'killed-once',
    file: 'machines/job.ts',
    find: "              after: { killAgain: { target: 'Killing', reenter: true, meta: { spec: 'J-38' } } },\n",
    replace: '',
    why: 'a group that outlives SIGKILL is not killed again',
  },
  {
    name: 'left-behind',
    file: 'machines/job.ts',
    find: "            Draining: {\n              entry: 'stopGroup',\n",
    replace: '            Draining: {\n',
    why: 'what a child left behind is not ended',
  },
  {
    name: 'test-runs-on',
    file: 'machines/job.ts',
    find: "          exit: 'cancelTest',\n",
    replace: '',
    why: 'a test that is not needed any more runs on',
  },
  {
    name: 'dead-child-on-record',
    file: 'machines/job.ts',
    find: "target: '#job.child.AtRest.GivenUp',\n                    actions: ['noteStartError', 'forgetChild']",
    replace: "target: '#job.child.AtRest.GivenUp',\n                    actions: ['noteStartError']",
    why: 'a failed job keeps its dead child on record',
  },
  {
    name: 'gone-for-ever',
    file: 'machines/job.ts',
    find: "Gone: {\n          entry: 'forgetJob',\n          on: { Restored: { target: 'Gone', reenter: true, meta: { spec: 'J-16' } } },\n        },",
    replace: "Gone: { entry: 'forgetJob' },",
    why: 'a crash before a removed job is forgotten leaves it for ever',
  },
  {
    name: 'removed-comes-back',
    file: 'machines/job.ts',
    find: "            Remove: { actions: 'markStopRequested', meta: { spec: 'J-35' } },\n",
    replace: '',
    why: 'a removed job that ends by itself comes back',
  },
  {
    name: 'nobody-watches-the-clock',
    file: 'machines/job.ts',
    find: "entry: ['dropOwedRun', 'awaitDue'],",
    replace: "entry: 'dropOwedRun',",
    why: 'a scheduled job waits for a time that nobody watches',
  },
  {
    name: 'run-not-counted',
    file: 'machines/job.ts',
    find: 'run: ({ context }) => context.run + 1,',
    replace: 'run: ({ context }) => Math.max(1, context.run),',
    why: 'every run has the same number',
  },
  {
    name: 'identity-without-start',
    file: 'machines/job.ts',
    find: '    pid,\n    start,\n    boot,\n    ...(program',
    replace: "    pid,\n    start: '',\n    boot,\n    ...(program",
    why: 'a child is recorded by its pid alone',
  },
  {
    name: 'restart-without-backoff',
    file: 'machines/job.ts',
    find: 'const base = Math.min(backoffMaxMs, backoffMinMs * backoffFactor ** context.backoffs);',
    replace: 'const base = 0 * Math.min(backoffMaxMs, backoffMinMs * backoffFactor ** context.backoffs);',
    why: 'a job that fails is started again without a pause',
  },
  {
    name: 'changed-program-ignored',
    file: 'machines/job.ts',
    find: "appliesAtOnce: and(['isToBeReplaced', 'hasNoTest']),",
    replace: "appliesAtOnce: and(['isToBeReplaced', 'hasNoTest', 'isUnwanted']),",
    why: 'a running job goes on with its old program',
  },
  {
    name: 'pending-change-lost',
    file: 'machines/job.ts',
    find: "              { guard: 'endedOutdated', target: 'AtRest', meta: { spec: 'J-34' } },\n",
    replace: '',
    why: 'a child that ends while its new program waits for a test is not replaced',
  },
  {
    name: 'restarts-each-time',
    file: 'machines/job.ts',
    find: 'event.spec : context.spec) !== context.runSpec,',
    replace: "event.spec : context.spec) !== '',",
    why: 'each trigger restarts what has not changed',
  },
];

const CLIENT_AND_DAEMON: readonly Mutant[] = [
  {
    name: 'launches-for-ever',
    file: 'machines/client.ts',
    find: 'mayRetry: ({ context }) => context.mayLaunch && context.launches < 5,',
    replace: 'mayRetry: ({ context }) => context.mayLaunch && context.launches > -1,',
    why: 'a daemon that cannot be reached is launched for ever',
  },
  {
    name: 'answer-not-printed',
    file: 'machines/client.ts',
    find: 'hasAnswer: ({ context }) => context.answered,',
    replace: 'hasAnswer: ({ context }) => context.answered && context.launches > 5,',
    why: 'an answer is not printed',
  },
  {
    name: 'failure-is-an-answer',
    file: 'machines/client.ts',
    find: "Failure: { target: 'CloseSocket', actions: 'failRead', meta: { spec: 'C-15' } },",
    replace: "Failure: { target: 'CloseSocket', actions: 'noteAnswer', meta: { spec: 'C-15' } },",
    why: 'a connection that breaks counts as an answer',
  },
  {
    name: 'stuck-deleting',
    file: 'machines/client.ts',
    find: "        Failure: {\n          target: 'LaunchDaemon',\n          meta: {\n            refined:\n              'a file that another client",
    replace:
      "        Progress: {\n          target: 'LaunchDaemon',\n          meta: {\n            refined:\n              'a file that another client",
    why: 'a client that may not delete the socket file waits for ever',
  },
  {
    name: 'asking-launches',
    file: 'machines/client.ts',
    find: "          { guard: 'mayLaunch', target: 'LaunchDaemon', meta: { spec: 'C-5' } },",
    replace: "          { guard: 'mayNotLaunch', target: 'LaunchDaemon', meta: { spec: 'C-5' } },",
    why: 'the commands that only ask are those that start a daemon',
  },
  {
    name: 'socket-left-open',
    file: 'machines/client.ts',
    find: "Success: { target: 'CloseSocket', actions: 'noteAnswer', meta: { spec: 'C-14' } },",
    replace: "Success: { target: 'Exit', actions: 'noteAnswer', meta: { spec: 'C-14' } },",
    why: 'a client that was answered ends without closing and printing',
  },
  {
    name: 'die-is-a-request',
    file: 'machines/daemon.ts',
    find: "DIE: { target: 'Exit', actions: 'succeed', meta: { spec: 'D-8' } },",
    replace: "DIE: { target: 'SendResponse', actions: 'succeed', meta: { spec: 'D-8' } },",
    why: 'a daemon goes on after `DIE`',
  },
  {
    name: 'ends-after-each-request',
    file: 'machines/daemon.ts',
    find: "Success: { target: 'ReceiveRequest', meta: { spec: 'D-10' } },",
    replace: "Success: { target: 'Exit', meta: { spec: 'D-10' } },",
    why: 'a daemon ends after its first request',
  },
  {
    name: 'stuck-in-exit',
    file: 'machines/daemon.ts',
    find: "        Failure: {\n          target: 'Done',",
    replace: "        Failure: {\n          target: 'Exit',",
    why: 'a daemon whose socket file cannot be removed never ends',
  },
  {
    name: 'shuts-down-in-vain',
    file: 'machines/daemon.ts',
    find: "      entry: 'shutDown',\n",
    replace: '',
    why: 'a daemon in Exit does nothing',
  },
];

const HOST: readonly Mutant[] = [
  {
    name: 'keep-after-act',
    file: 'src/host/chart-host.ts',
    find: '    this.#catch(() => this.#options.keep({ event, before, after, effects }));\n    for (const each of asked) if (!this.#ended) this.#catch(() => this.#act(each));',
    replace:
      '    for (const each of asked) if (!this.#ended) this.#catch(() => this.#act(each));\n    this.#catch(() => this.#options.keep({ event, before, after, effects }));',
    why: 'effects are performed before their step is kept',
  },
  {
    name: 'timer-not-cancelled',
    file: 'src/host/chart-host.ts',
    find: '        this.#disarm((params as { readonly sendId: string }).sendId);\n',
    replace: '',
    why: 'the timer of a state that was left goes on',
  },
  {
    name: 'not-rearmed',
    file: 'src/host/chart-host.ts',
    find: '      for (const delayed of node.after ?? []) {',
    replace: '      for (const delayed of (node.after ?? []).slice(1)) {',
    why: 'the timers of a restored state do not run',
  },
  {
    name: 'steps-in-steps',
    file: 'src/host/chart-host.ts',
    find: '    if (this.#busy) return;\n',
    replace: '',
    why: 'an event that comes during a step is taken in the middle of it',
  },
  {
    name: 'acts-after-the-end',
    file: 'src/host/chart-host.ts',
    find: '    if (this.#ended) return;\n    this.#mailbox.push(event);',
    replace: '    this.#mailbox.push(event);',
    why: 'a chart that has ended goes on taking events',
  },
];

const DAEMON: readonly Mutant[] = [
  {
    name: 'die-without-answer',
    file: 'src/daemon/daemon.ts',
    find: '    if (died !== null) this.#loop.answerDie(died, this.#host.snapshot.context.result.ok);\n',
    replace: '',
    why: 'a client that asks the daemon to die gets no answer',
  },
  {
    name: 'gate-before-record',
    file: 'src/job/child-control.ts',
    find: 'this.#launch.isReleased = this.#options.isKept();',
    replace: 'this.#launch.isReleased = true;',
    why: 'a child is let run though it could not be recorded',
  },
  {
    name: 'acknowledged-unwritten',
    file: 'src/fleet/persisted/persisted-state.ts',
    find: '    if (!this.settle() || !this.#holdsFolder()) return false;\n    try {\n      await this.#store.sync();',
    replace: '    try {',
    why: 'what is not on the disk is called done',
  },
  {
    name: 'order-ignored',
    file: 'src/fleet/turns/stop-queue.ts',
    find: 'other.isUp && (other.isUnwanted || isQueued(other))',
    replace: 'other.isUp && !isQueued(other)',
    why: 'jobs do not go down in the reverse of their order',
  },
  {
    name: 'removed-during-its-restart',
    file: 'src/fleet/turns/stop-queue.ts',
    find: '(!instance.isUp || instance.isEnding)',
    replace: '!instance.isUp',
    why: 'a job that is removed or stopped during its restart comes back once more',
  },
  {
    name: 'nothing-adopted',
    file: 'src/fleet/job-instance.ts',
    find: '    if (child !== null && !this.isEnding) this.#effects.adopt(run, child);\n',
    replace: '',
    why: 'the exit of an adopted child is never noticed',
  },
  {
    name: 'older-exit-counts',
    file: 'src/job/exit-reports.ts',
    find: 'this.#newestRun = Math.max(this.#newestRun, run);',
    replace: 'this.#newestRun = run;',
    why: 'an older shell that leaves late hides the exit of the newest run',
  },
  {
    name: 'strays-left',
    file: 'src/job/child-control.ts',
    find: '    if (!this.#isCleared) return this.#clearFirst(run, hasEnded);\n',
    replace: '',
    why: 'what an earlier daemon left without a record lives beside a new child',
  },
  {
    name: 'cleared-twice',
    file: 'src/job/child-control.ts',
    find: '    if (isUnderWay) return;\n',
    replace: '',
    why: 'an earlier search for left-overs ends the child that comes after a later one',
  },
  {
    name: 'earlier-word-counts',
    file: 'src/fleet/fleet.ts',
    find: '    this.#turns.started(instance);\n',
    replace: '',
    why: 'an earlier stop overtakes a later start',
  },
  {
    name: 'removal-taken-back',
    file: 'src/fleet/turns/stop-queue.ts',
    find: "    if (queued?.why === 'Remove') queued.stop = null;\n    else if",
    replace: '    if',
    why: 'a start keeps a job that no config names',
  },
  {
    name: 'trigger-left-half-done',
    file: 'src/fleet/turns/job-turns.ts',
    find: 'return instance.isBehindItsConfig || instance.awaitsTurn;',
    replace: 'return instance.awaitsTurn;',
    why: 'a job does not hear of a config that was written before its daemon was killed',
  },
  {
    name: 'earlier-config-counts',
    file: 'src/fleet/turns/stop-queue.ts',
    find: " || this.waiting(name) === 'Apply'",
    replace: '',
    why: 'an earlier config overtakes a later one',
  },
  {
    name: 'others-not-told',
    file: 'src/fleet/fleet.ts',
    find: '    // Dependents must learn that a dependency has exited before any job starts.\n    this.#propagate();\n',
    replace: '',
    why: 'a restored job starts before what it comes after is up',
  },
];

/** Every planted bug; each must be found. */
export const MUTANTS: readonly Mutant[] = [
  ...JOB,
  ...JOB_PARTS,
  ...CLIENT_AND_DAEMON,
  ...HOST,
  ...DAEMON,
  ...FLEET_PARTS,
  ...KEY_PARTS,
  ...WORLD_PARTS,
  ...HOOK_PARTS,
  ...ROLL_PARTS,
];
