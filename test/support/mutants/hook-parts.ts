import type { Mutant } from './mutants.ts';

/** Planted bugs in the hooks of jobs. */
export const HOOK_PARTS: readonly Mutant[] = [
  {
    name: 'hook-lost-with-its-daemon',
    file: 'machines/hook.ts',
    find: "        Restored: { target: 'Running', reenter: true, meta: { spec: 'H-5' } },\n",
    replace: '',
    why: 'a hook that was under way when its daemon died is not run again',
  },
  {
    name: 'oldest-hook-waits',
    file: 'machines/hook.ts',
    find: "next: ({ context, event }) => (event.type === 'Entered' ? event.hook : context.next),",
    replace:
      "next: ({ context, event }) => context.next ?? (event.type === 'Entered' ? event.hook : context.next),",
    why: 'not the newest state waits for its hook, but the oldest',
  },
  {
    name: 'older-hook-ends-the-newest',
    file: 'machines/hook.ts',
    find: "event.type === 'HookEnded' && event.number === context.number",
    replace: "event.type === 'HookEnded'",
    why: 'the end of an older hook counts for the newest, so that two run at a time',
  },
  {
    name: 'hook-runs-for-ever',
    file: 'machines/hook.ts',
    find: "      after: { hookLimit: { target: 'Killing', meta: { spec: 'H-4' } } },\n",
    replace: '',
    why: 'a hook that hangs is never killed, and no other one has its turn',
  },
  {
    name: 'hook-waits-for-ever',
    file: 'machines/hook.ts',
    find: 'takeNext: assign({ current: ({ context }) => context.next, next: null }),',
    replace: 'takeNext: assign({ current: ({ context }) => context.next }),',
    why: 'the hook that has waited runs again and again',
  },
  {
    name: 'hook-not-recorded',
    file: 'src/fleet/hooks/job-hooks.ts',
    find: 'isOver && context.failure === null ? null : { ...this.#record(context), value, context }',
    replace: 'null',
    why: 'no record tells the next daemon of a hook that is under way',
  },
  {
    name: 'hook-not-taken-up',
    file: 'src/fleet/fleet.ts',
    find: '    this.#hooks.resume();\n',
    replace: '',
    why: 'the next daemon reads that a hook was under way, and leaves it so',
  },
  {
    name: 'each-test-is-news',
    file: 'src/plan/job-state.ts',
    find: "return state === 'testing' && isHeld(snapshot.value.want) ? 'held' : state;",
    replace: 'return state;',
    why: 'a held job whose test is repeated runs its hook for held each time',
  },
  {
    name: 'removed-job-takes-its-hook-along',
    file: 'src/fleet/hooks/hooks.ts',
    find: 'if (!this.#forgotten.has(name) || this.#hooks.get(name)?.isIdle === false) return;',
    replace: 'if (!this.#forgotten.has(name)) return;',
    why: 'the record of the last hook of a removed job is deleted while it runs',
  },
];
