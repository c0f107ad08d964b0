import { writeFileSync } from 'node:fs';
import { awaited, type Home } from './home.ts';

/** Says in one line where it runs and what it is given; ends with the code that `end NAME CODE` asks for. */
export const TELLS = String.raw`#!/bin/sh
{ printf '%s|A=%s|B=%s' "$(pwd)" "$A" "$B"; for each; do printf '|%s' "$each"; done; echo; }
trap 'exit 0' TERM INT
[ "$1" != done ] || exit 0
end="$(dirname "$0")/end.$1"
until [ -e "$end" ]; do sleep 0.05; done
code=$(cat "$end"); rm "$end"; exit "$code"
`;

/** What becomes of a job that ends: started again, or left. */
type Fate = 'again' | 'left';

export interface ExpectedJob {
  readonly name: string;
  /** The folder, A and B, and the arguments. */
  readonly told: string;
  /** What becomes of it after exit code 3 and after 0; null if the test does not end it. */
  readonly ends: readonly [Fate, Fate] | null;
  /** The next time: hour and minute, and weekdays; or at most this many seconds from now. */
  readonly next?: { readonly at: readonly [number, number]; readonly days: readonly number[] } | number;
}

export const EVERY_DAY = [0, 1, 2, 3, 4, 5, 6];

/** Whether a job is what the other tool would have run. */
export async function expectAsTold(home: Home, expected: ExpectedJob): Promise<void> {
  const { name, told, ends, next } = expected;
  if (next === undefined || told !== '')
    await awaited(async () => (linesOf(home, name).length > 0 ? true : null), `a line of ${name}`);
  expect([name, ...new Set(linesOf(home, name))]).toEqual(told === '' ? [name] : [name, told]);
  if (ends !== null) {
    await expectFate(home, name, 3, ends[0]);
    if (ends[0] === 'left') await home.overseer('start', '--no-wait', name);
    await expectFate(home, name, 0, ends[1]);
  }
  const at = (await home.job(name)).nextStartAt;
  if (next === undefined) return expect([name, at]).toEqual([name, null]);
  const time = new Date(at ?? 0);
  if (typeof next === 'number') {
    expect(time.getTime()).toBeGreaterThan(Date.now() - 1000);
    expect(time.getTime()).toBeLessThanOrEqual(Date.now() + next * 1000 + 1000);
    return;
  }
  expect([name, time.getHours(), time.getMinutes()]).toEqual([name, ...next.at]);
  expect(next.days).toContain(time.getDay());
}

async function expectFate(home: Home, name: string, code: number, fate: Fate): Promise<void> {
  const before = await home.until(name, ({ state }) => state === 'running');
  writeFileSync(home.path(`app/end.${name}`), `${code}\n`);
  const after = await home.until(
    name,
    ({ state, pid }) =>
      (state === 'running' && pid !== before.pid) || state === 'finished' || state === 'failed',
  );
  const state = fate === 'again' ? 'running' : code === 0 ? 'finished' : 'failed';
  expect([name, code, after.state]).toEqual([name, code, state]);
}

const linesOf = (home: Home, name: string): readonly string[] =>
  home
    .log(name)
    .split('\n')
    .filter((line) => line !== '');
