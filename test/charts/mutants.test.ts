import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientMachine } from '../../machines/client.ts';
import { daemonMachine } from '../../machines/daemon.ts';
import type { jobMachine } from '../../machines/job.ts';
import { Composed } from '../support/composition/composed.ts';
import { explored } from '../support/composition/scenario.ts';
import { violationOf } from '../support/composition/violation.ts';
import { FINDINGS } from '../support/docs/findings-page.ts';
import { JobModel, POLICY } from '../support/job-model.ts';
import type { Mutant } from '../support/mutants/mutants.ts';
import { MUTANTS } from '../support/mutants/mutants.ts';
import { placesOf, planted } from '../support/mutants/planted.ts';
import { simulated } from '../support/mutants/simulated.ts';
import { ROOT } from '../support/sources.ts';

test('there are at least 25 mutants, each with a name of its own', () => {
  expect(MUTANTS.length).toBeGreaterThanOrEqual(25);
  expect(new Set(MUTANTS.map(({ name }) => name)).size).toBe(MUTANTS.length);
});

test('each mutant has its one place in the sources', () => {
  expect(MUTANTS.filter((mutant) => placesOf(mutant) !== 1).map(({ name }) => name)).toEqual([]);
});

test('docs/evidence/findings.md has each mutant, and none that survived', () => {
  const page = readFileSync(join(ROOT, FINDINGS), 'utf8');
  const rows = page.slice(page.indexOf('<!-- mutants -->')).split('\n');
  expect(rows.flatMap((row) => /^\| `([\w-]+)` \|/.exec(row)?.[1] ?? [])).toEqual(
    MUTANTS.map(({ name }) => name),
  );
  expect(rows.filter((row) => /\*\*(survived|not tried)\*\*/.test(row))).toEqual([]);
});

describe('an invariant finds', () => {
  test.each([
    ['old-facts', 'a child that is queued is let run'],
    ['cancelled-tests', 'a stale fact led to'],
    ['removed-is-wanted', 'a child lives though it is neither wanted nor on its way out'],
  ])('%s in the job chart', (name, message) => {
    const job = new JobModel(
      { policy: { ...POLICY, hasTest: true }, other: POLICY },
      planted<typeof jobMachine>(mutantCalled(name)),
    );
    expect(() => job.explored()).toThrow(message);
  });

  test('stuck-deleting in the client chart', () => {
    const client = planted<typeof clientMachine>(mutantCalled('stuck-deleting'));
    expect(() => ruleBroken({ client, daemon: daemonMachine })).toThrow(
      'the client chart has no use for Failure in DeleteSocketFile',
    );
  });

  test('failure-is-an-answer in the client chart', () => {
    const client = planted<typeof clientMachine>(mutantCalled('failure-is-an-answer'));
    expect(ruleBroken({ client, daemon: daemonMachine })).toBe('a client ends well without an answer');
  });

  test('ends-after-each-request in the daemon chart', () => {
    const daemon = planted<typeof daemonMachine>(mutantCalled('ends-after-each-request'));
    expect(ruleBroken({ client: clientMachine, daemon })).toBe(
      'a command fails although nothing is wrong with client or daemon',
    );
  });
});

describe('the simulation finds', () => {
  test.each([
    ['gate-before-record', 'the gate of JOB is opened before its pid N is recorded'],
    ['strays-left', 'two live copies of JOB'],
    ['debts-forgotten', 'the gate of JOB is opened before its pid N is recorded'],
  ])('%s in the daemon', (name, rule) => expect(simulated(mutantCalled(name))).toContain(rule));
});

function mutantCalled(name: string): Mutant {
  const mutant = MUTANTS.find((each) => each.name === name);
  if (mutant === undefined) throw new Error(`no mutant is called ${name}`);
  return mutant;
}

function ruleBroken(charts: {
  readonly client: typeof clientMachine;
  readonly daemon: typeof daemonMachine;
}): string | undefined {
  const scenario = {
    asked: ['apply', 'status'],
    starts: ['a stale socket file', 'a daemon'],
    faults: 1,
  } as const;
  return violationOf(explored(new Composed(null, charts), scenario))?.rule;
}
