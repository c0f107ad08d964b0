import type { Mutant } from './mutants.ts';

/** Planted bugs in the copies that are replaced one at a time. */
export const ROLL_PARTS: readonly Mutant[] = [
  {
    name: 'roll-goes-on-without-a-copy',
    file: 'src/fleet/turns/roll.ts',
    find: 'const culprit = others.find(isDown) ?? dependencies.find(isDown);',
    replace: 'const culprit = dependencies.find(isDown);',
    why: 'a copy is taken down although the one before it did not come up',
  },
  {
    name: 'roll-does-not-wait',
    file: 'src/fleet/turns/roll.ts',
    find: "!isQueued && (isReplaced || standing === 'coming');",
    replace: '!isQueued && isReplaced;',
    why: 'a copy is taken down before the new copy is running',
  },
  {
    name: 'roll-begins-with-one-that-serves',
    file: 'src/fleet/turns/roll.ts',
    find: "isUnderWay(each) || (each.isQueued && each.standing !== 'up')",
    replace: 'isUnderWay(each)',
    why: 'a copy that serves is taken down before one that does not',
  },
  {
    name: 'copy-replaced-before-its-turn',
    file: 'machines/job.ts',
    find: "isToBeReplaced: and(['isOutdated', not('awaitsTurn')]),",
    replace: "isToBeReplaced: and(['isOutdated']),",
    why: 'every copy is taken down as soon as it gets its new config',
  },
  {
    name: 'turn-never-ends',
    file: 'machines/job.ts',
    find: 'awaitsTurn: false,\n            flips',
    replace: 'awaitsTurn: context.awaitsTurn,\n            flips',
    why: 'a copy goes on with its old config although it is its turn',
  },
  {
    name: 'roll-left-half-done',
    file: 'src/fleet/turns/job-turns.ts',
    find: 'return instance.isBehindItsConfig || instance.awaitsTurn;',
    replace: 'return instance.isBehindItsConfig;',
    why: 'the next daemon leaves the copies that a roll had not come to',
  },
  {
    name: 'old-config-until-its-turn',
    file: 'src/fleet/turns/config-changes.ts',
    find: 'if (!isToBeReplaced || roll !== null) this',
    replace: 'if (!isToBeReplaced) this',
    why: 'a copy that ends after its roll has stopped starts with the config that is no longer in force',
  },
  {
    name: 'restart-overtakes-a-roll',
    file: 'src/fleet/turns/stop-queue.ts',
    find: "    if (why === 'Restart' && roll !== null && this.#joinsRoll(name, roll)) return;\n",
    replace: '',
    why: 'a restart in the middle of a roll takes all copies down at once',
  },
  {
    name: 'roll-waits-for-ever',
    file: 'src/fleet/turns/stop-queue.ts',
    find: '      return this.#delete(name);\n    }\n    this.begin(name);',
    replace: '      return void this.#queued.delete(name);\n    }\n    this.begin(name);',
    why: 'after a roll has stopped, its copies wait for their turn for ever',
  },
  {
    name: 'stopping-copy-waits-for-its-turn',
    file: 'src/fleet/settled.ts',
    find: "if (instance.isEnding && instance.isStoppedByHand) return 'down';",
    replace: '',
    why: 'a restart that was answered is lost with the power, and the copy stays stopped',
  },
];
