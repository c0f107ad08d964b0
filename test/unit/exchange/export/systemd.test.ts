import type { TomlValue } from '../../../../src/exchange/draft.ts';
import { exportOf, linesOf, saidOf } from '../../../support/exchange/export-of.ts';

const ONCE = { restart: 'never' };
const after = (job: string, is: 'running' | 'finished'): Readonly<Record<string, TomlValue>> => ({
  after: [{ job, is }],
});
const typeOf = (exported: ReturnType<typeof exportOf>, name: string): readonly string[] =>
  linesOf(exported, `${name}.service`, 'Type', 'RemainAfterExit', 'Restart');

test('systemd waits for the end of a one-shot only where another job waits for it', () => {
  const exported = exportOf('systemd', { once: ONCE, it: after('once', 'running') });
  expect(typeOf(exported, 'once')).toEqual(['Type=exec', 'RemainAfterExit=yes', 'Restart=no']);
  expect(linesOf(exported, 'it.service', 'Wants', 'Requires')).toEqual(['Wants=once.service']);
  expect(typeOf(exportOf('systemd', { once: ONCE }), 'once')).toEqual([
    'Type=oneshot',
    'RemainAfterExit=yes',
  ]);
});

test('where one of two jobs waits for the end of a one-shot, both do so in systemd', () => {
  const exported = exportOf('systemd', { once: ONCE, a: after('once', 'running'), b: { after: ['once'] } });
  expect(typeOf(exported, 'once')).toEqual(['Type=oneshot', 'RemainAfterExit=yes']);
  const more = 'here it also waits for the end of once, since others do';
  expect(saidOf(exported, 'a', 'after')).toContain(more);
  expect(saidOf(exported, 'b', 'after')).not.toContain(more);
});

test('a job that is meant to succeed and that others wait for is a oneshot of systemd', () => {
  const exported = exportOf('systemd', { load: { restart: 'on-failure' }, it: after('load', 'finished') });
  expect(typeOf(exported, 'load')).toEqual(['Type=oneshot', 'RemainAfterExit=yes', 'Restart=on-failure']);
  expect(linesOf(exported, 'it.service', 'Wants', 'Requires')).toEqual(['Requires=load.service']);
  expect(saidOf(exported, 'it', 'after')).toContain(
    'where load fails first and is restarted, it is not started',
  );
});

test('systemd says which end of a job it does not wait for', () => {
  const exported = exportOf('systemd', {
    web: { restart: 'never', ready: { tcp: '127.0.0.1:1' } },
    tick: { schedule: 'every 5m' },
    a: after('web', 'finished'),
    b: { after: ['tick'] },
  });
  expect(saidOf(exported, 'a', 'after')).toContain('it does not wait for the end of web');
  expect(saidOf(exported, 'b', 'after')).toContain('it waits for tick only while that runs');
  // Wanting a service that a timer starts would start it at once.
  expect(linesOf(exported, 'b.service', 'After', 'Wants', 'Requires')).toEqual(['After=tick.service']);
});

test('systemd requires only the one-shots that a job waits for, so no other restart reaches it', () => {
  const exported = exportOf('systemd', { once: ONCE, db: {}, web: { after: ['once', 'db'] } });
  expect(linesOf(exported, 'web.service', 'Requires', 'Wants')).toEqual([
    'Requires=once.service',
    'Wants=db.service',
  ]);
});

test('a probe that hangs after the start is ended when its time is over', () => {
  const ready = (probe: TomlValue): string | undefined =>
    linesOf(exportOf('systemd', { web: { ready: probe } }), 'web.service', 'ExecStartPost')[0];
  expect(ready({ http: 'http://127.0.0.1:1/' })).toBe(
    'ExecStartPost=/bin/sh -c "until timeout 5 curl -fsS -o /dev/null http://127.0.0.1:1/; do sleep 1; done"',
  );
  expect(ready({ command: 'look', timeout: 0.5 })).toBe(
    'ExecStartPost=/bin/sh -c "until timeout 0.5 look; do sleep 1; done"',
  );
});

test('a program that systemd may not find in its own path is told, and only such a one', () => {
  const said = (command: string): readonly string[] =>
    saidOf(exportOf('systemd', { web: { job_command: command } }), 'web', 'job_command');
  expect(said('npm start')).toEqual([
    'is not quite the same: the program must be in a folder that `systemd-path search-binaries-default` ' +
      'names, or named by its whole path',
  ]);
  expect([said('/bin/npm start'), said('./npm start')]).toEqual([[], []]);
});

test('a probe of the log is left out, and no other probe is said to be', () => {
  const said = (probe: TomlValue): readonly string[] =>
    saidOf(exportOf('systemd', { web: { ready: probe } }), 'web', 'ready');
  expect(said({ log: 'up' })).toEqual(['is left out: nothing there reads the log']);
  expect(said({ tcp: '127.0.0.1:1' })).toEqual([
    'is not quite the same: a loop after the start asks the port, the URL or the command',
  ]);
});

test('a unit has as long to become ready as the job has, a minute where it says nothing', () => {
  const limitOf = (more: Readonly<Record<string, TomlValue>>): readonly string[] =>
    linesOf(
      exportOf('systemd', { web: { ready: { tcp: 'h:1', timeout: 2, ...more } } }),
      'web.service',
      'TimeoutStartSec',
    );
  expect([limitOf({}), limitOf({ within: 300 })]).toEqual([['TimeoutStartSec=60'], ['TimeoutStartSec=300']]);
});
