import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { awaited, Home } from './support/home.ts';
import { besideUserSystemd, hasUserSystemd } from './support/user-systemd.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

/** Tells by a file what it is given, then does what its first word says. */
const TELL = String.raw`#!/bin/sh
{
  printf '<%s>\n' "$@"
  printf '%s\n' "A=$A" "B=$B" "job=$OVERSEER_JOB" "copy=$OVERSEER_INSTANCE"
  printf '%s\n' "in $(pwd)" "umask $(umask)" "files $(ulimit -Sn)" "file $(ulimit -Sf)" "nice $(nice)"
  [ "$1" != second ] || ls "$OUT/first.up"
} > "$OUT/told.$$"
mv "$OUT/told.$$" "$OUT/$OVERSEER_JOB$OVERSEER_INSTANCE"
case $1 in
  once | tick) exit 0 ;;
  first) sleep 0.5; : > "$OUT/first.up" ;;
esac
exec sleep 1000
`;

const CONFIG = (dir: string): string => `
[defaults]
cwd = "${dir}/a b"
limits = { nofile = 300 }
env = { OUT = "${dir}/out", A = 'x y "z" 50% $$HOME', B = 'a\\b' }

[[jobs]]
name = "web"
job_command = { exe = "${dir}/tell", args = ["stay", "two words", '%h', "$HOME", 'q"\\', "é;|&"] }
test_command = "test -d /tmp"
umask = "027"
limits = { nofile = 200, fsize = 4096 }
nice = 3
stop_timeout = 3

[[jobs]]
name = "off"
job_command = "${dir}/tell stay"
test_command = "test -e /no/such"

[[jobs]]
name = "first"
job_command = "${dir}/tell first"
ready = { command = "test -e '${dir}/out/first.up'", interval = 0.1 }

[[jobs]]
name = "second"
job_command = "${dir}/tell second"
after = ["first"]

[[jobs]]
name = "once"
job_command = "${dir}/tell once"
restart = "never"

[[jobs]]
name = "copies"
job_command = "${dir}/tell stay"
instances = 2

[[jobs]]
name = "tick"
job_command = "${dir}/tell tick"
schedule = "every 1s"
`;

const TOLD = ['copies1', 'copies2', 'first', 'first.up', 'once', 'second', 'tick', 'web'];

const filesIn = (dir: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    readdirSync(dir)
      .filter((name) => !name.startsWith('told.'))
      .map((name) => [name, readFileSync(join(dir, name), 'utf8')]),
  );

(hasUserSystemd ? test : test.skip)(
  'T-886 systemd runs the exported units as overseer runs the jobs, and starts what it starts',
  async () => {
    writeFileSync(home.path('tell'), TELL, { mode: 0o755 });
    mkdirSync(home.path('a b'));
    mkdirSync(home.path('out'));
    home.write('a.toml', CONFIG(home.dir));
    const ran = await home.overseer();
    expect(ran.stderr).toBe('');
    await awaited(
      async () => (TOLD.every((name) => name in filesIn(home.path('out'))) ? true : null),
      'all jobs',
    );
    await home.overseer('die');
    renameSync(home.path('out'), home.path('by-overseer'));

    mkdirSync(home.path('out'));
    const units = home.path('units');
    expect((await home.overseer('export', '--to', 'systemd', '--dir', units)).code).toBe(0);
    const said = besideUserSystemd(
      home.dir,
      units,
      `systemctl --user start web off second once copies@1 copies@2 tick.timer
for each in $(seq 200); do
  [ "$(ls ${home.path('out')} | grep -cv told)" -ge ${TOLD.length} ] && break
  sleep 0.05
done
systemctl --user show -P ActiveState web off first second once copies@1 copies@2 tick.timer | grep .
systemctl --user kill --signal KILL web
for each in $(seq 100); do
  [ "$(systemctl --user show -P NRestarts web)" = 1 ] && break
  sleep 0.05
done
systemctl --user show -P NRestarts web`,
    );
    expect(said.split('\n')).toEqual([
      'active',
      'inactive',
      'active',
      'active',
      'active',
      'active',
      'active',
      'active',
      '1',
      '',
    ]);
    expect(Object.keys(filesIn(home.path('out'))).sort()).toEqual(TOLD);
    expect(filesIn(home.path('out'))).toEqual(filesIn(home.path('by-overseer')));
  },
);
