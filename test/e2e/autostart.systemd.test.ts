import { mkdirSync, readdirSync } from 'node:fs';
import { Home, OVERSEER } from './support/home.ts';
import { besideUserSystemd, hasUserSystemd } from './support/user-systemd.ts';

let home: Home;
beforeEach(() => {
  home = new Home();
});
afterEach(() => home.dispose());

/** Each line of the output begins with the name of the step. */
const COMMANDS = (dir: string): string => `
overseer() { "$NODE" ${OVERSEER} "$@"; }
until_true() { for each in $(seq 200); do "$@" && return; sleep 0.05; done; echo "in vain: $*"; }
field() { overseer status --json | sed -n "s/.*\\"$1\\": \\([0-9]*\\),*$/\\1/p"; }
daemon() { field pid | head -1; }
job() { field pid | tail -1; }
is_new_daemon() { [ -n "$(daemon)" ] && [ "$(daemon)" != "$1" ]; }
mkdir -p ${dir}/node-1 $XDG_CONFIG_HOME/overseer
cp ${process.execPath} ${dir}/node-1/node
NODE=${dir}/node-1/node
printf '[[jobs]]\\nname = "web"\\njob_command = "sleep 1000"\\n' > $XDG_CONFIG_HOME/overseer/a.toml
overseer autostart enable > /dev/null
unit=$(basename "$(ls ${dir}/units/*.service)")
until_true overseer status web > /dev/null
echo enabled: $(systemctl --user is-enabled $unit) $(systemctl --user is-active $unit)
echo by systemd: $([ "$(systemctl --user show -P MainPID $unit)" = "$(daemon)" ] && echo yes)
before=$(daemon) child=$(job)
kill -9 $before
until_true is_new_daemon $before
echo crashed: $(systemctl --user is-active $unit), same child: $([ "$(job)" = $child ] && echo yes)
mv ${dir}/node-1 ${dir}/node-2
NODE=${dir}/node-2/node
overseer 2>&1 | grep -o 'mended'
until_true systemctl --user -q is-active $unit
systemctl --user daemon-reload
echo reloaded: $(systemctl --user show -P Environment $unit | grep -c node-2) $([ "$(job)" = $child ] && echo same child)
systemctl --user stop $unit
echo stopped: $(systemctl --user is-active $unit) $(overseer status > /dev/null 2>&1; echo $?)
systemctl --user start $unit
until_true overseer status web > /dev/null
echo started: $(systemctl --user is-active $unit)
overseer autostart disable > /dev/null
echo disabled: $(systemctl --user -q is-enabled $unit 2> /dev/null || echo not enabled) $(overseer status web > /dev/null; echo $?)
overseer die > /dev/null
`;

(hasUserSystemd ? test : test.skip)(
  'T-995 a real systemd --user runs the unit of autostart: a crash, a moved node, a stop, a disable',
  () => {
    const units = home.path('units');
    mkdirSync(units);
    const said = besideUserSystemd(home.dir, units, COMMANDS(home.dir));
    expect(said.trimEnd().split('\n')).toEqual([
      'enabled: enabled active',
      'by systemd: yes',
      'crashed: active, same child: yes',
      'mended',
      'reloaded: 1 same child',
      'stopped: inactive 3',
      'started: active',
      'disabled: not enabled 0',
    ]);
    expect(readdirSync(units)).toEqual([]);
  },
  60_000,
);
