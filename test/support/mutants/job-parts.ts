import type { Mutant } from './mutants.ts';

const file = 'machines/job.ts';

/** Planted bugs in what jobs of other kinds than the plain one have: one-shots, schedules, disabled jobs. */
export const JOB_PARTS: readonly Mutant[] = [
  {
    name: 'disabled-runs-on',
    file,
    find: "isNewlyDisabled: and(['isDisabled', 'wasEnabled']),",
    replace: "isNewlyDisabled: and(['isDisabled', not('wasEnabled')]),",
    why: 'a job that its config has come to disable runs on',
  },
  {
    name: 'restart-starts-disabled',
    file,
    find: "Start: { target: '#job.want.Yes', meta: { spec: 'J-48' } },",
    replace:
      "Start: { target: '#job.want.Yes', meta: { spec: 'J-48' } },\n                Restart: { target: '#job.want.Yes', meta: { spec: 'J-48' } },",
    why: 'a restart starts a disabled job',
  },
  {
    name: 'disabled-for-ever',
    file,
    find: "              always: { guard: 'isEnabled', target: '#job.want.Unknown', meta: { spec: 'J-47' } },\n",
    replace: '',
    why: 'a job that is enabled again stays down',
  },
  {
    name: 'disabled-comes-back',
    file,
    find: "            { guard: 'isDisabled', target: 'No.ByConfig', meta: { spec: 'J-47' } },\n            { guard: 'hasNoTest'",
    replace: "            { guard: 'hasNoTest'",
    why: 'a disabled job starts when it becomes known and with the next daemon',
  },
  {
    name: 'disabled-is-tested',
    file,
    find: "mayTest: and([not('hasNoTest'), not('isStoppedByHand'), not('isDisabledAndDown')]),",
    replace: "mayTest: and([not('hasNoTest'), not('isStoppedByHand')]),",
    why: 'the test of a disabled job is run',
  },
  {
    name: 'undecided-comes-back',
    file,
    find: "or([({ context }) => context.ending === 'asked', not('isWanted')])",
    replace: "or([({ context }) => context.ending === 'asked', 'isUnwanted'])",
    why: 'a child comes back before its test has said that it should',
  },
  {
    name: 'run-at-start-forgotten',
    file,
    find: 'oweRun: assign({ owesRun: ({ context }) => context.policy.runAtStart }),',
    replace: 'oweRun: assign({ owesRun: false }),',
    why: 'a job that runs at start does not when the daemon starts',
  },
  {
    name: 'run-owed-for-ever',
    file,
    find: '      owesRun: false,\n      restartAsked: false,\n      ending: null,',
    replace: '      restartAsked: false,\n      ending: null,',
    why: 'a job that runs at start runs again and again',
  },
  {
    name: 'every-code-is-success',
    file,
    find: 'return code !== null && successCodes.includes(code);',
    replace: 'return code !== null && successCodes.length > 0;',
    why: 'a run that failed counts as a success',
  },
  {
    name: 'failed-runs-not-counted',
    file,
    find: 'if (isMeantToEnd(policy)) return isSuccess(policy, exit) ? 0 : failures + 1;',
    replace:
      'if (isMeantToEnd(policy)) return isSuccess(policy, exit) ? 0 : reachedRunning ? failures : failures + 1;',
    why: 'a scheduled job that fails after a while is run again and again',
  },
  {
    name: 'count-not-reset-by-success',
    file,
    find: 'return isSuccess(policy, exit) ? 0 : failures + 1;',
    replace: 'return failures + 1;',
    why: 'successes count as failures',
  },
  {
    name: 'failure-looks-finished',
    file,
    find: "              { guard: 'endedInFailure', target: 'AtRest.Ended.Failed', meta: { spec: 'J-46' } },\n",
    replace: '',
    why: 'a one-shot that failed is called finished',
  },
  {
    name: 'unready-lives-on',
    file,
    find: "                    readyTimeout: {\n                      target: '#job.child.Ending',",
    replace: "                    readyTimeout: {\n                      target: '#job.child.Up.Running',",
    why: 'a child that is not ready in time counts as running',
  },
  {
    name: 'held-schedule-forgotten',
    file,
    find: "                { guard: 'isHeldOnSchedule', target: '#job.child.Waiting.ForTime', meta: { spec: 'J-44' } },\n",
    replace: '',
    why: 'a scheduled job that its test holds does not ask again when its time has come',
  },
  {
    name: 'check-counts-for-ever',
    file,
    find: 'forgetFailedChecks: assign({ aliveFailures: 0 }),',
    replace: 'forgetFailedChecks: assign({}),',
    why: 'failed checks count although others have passed between them',
  },
  {
    name: 'unchecked-after-adoption',
    file,
    find: "                Restored: { guard: 'isChecked', actions: 'checkAlive', meta: { spec: 'J-49' } },\n",
    replace: '',
    why: 'an adopted job is not checked any more',
  },
  {
    name: 'unhealthy-is-success',
    file,
    find: "ending === 'unready' || ending === 'unhealthy' || lastExit",
    replace: "ending === 'unready' || lastExit",
    why: 'a one-shot that was stopped for its check counts as finished',
  },
  {
    name: 'check-of-older-run-counts',
    file,
    find: "    isUnhealthy: and([\n      'isCurrentRun',\n",
    replace: '    isUnhealthy: and([\n',
    why: 'a check of an older run stops the newest one',
  },
];
