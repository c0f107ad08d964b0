// runit, s6 and daemontools scan a folder of services: what they have in common.
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandOf, eachProcess, helpersOf, wordsOf } from '../processes.mjs';

export function scanFolder({ daemonName, helperNames, logger, loggerConfig, isLogFile, rescan, ...peer }) {
  const service = (session, id) => session.path('services', id);
  const folder = (session) => session.path('scanned');
  const daemonOf = (session) => {
    const [daemon] = eachProcess((pid) =>
      commandOf(pid) === daemonName && wordsOf(pid).includes(folder(session)) ? pid : undefined,
    );
    return daemon;
  };
  const load = (session) =>
    `ln -s ${session.path('services')}/* ${folder(session)}${rescan ? ` && ${rescan(folder(session))}` : ''}`;
  return {
    most: 1_000,
    ...peer,
    prepare(session) {
      session.folder('scanned');
      session.folder('services');
    },
    write(session, jobs, mode = 'plain', changed = jobs) {
      for (const { id, words } of changed) {
        script(service(session, id), `exec ${words.join(' ')}`);
        if (mode !== 'log') continue;
        const logs = session.folder('logs', id);
        script(join(service(session, id), 'log'), `exec ${logger(logs)}`);
        if (loggerConfig !== undefined) writeFileSync(join(logs, 'config'), loggerConfig);
      }
    },
    /** What the load command does, without its time. */
    activate(session, jobs) {
      for (const { id } of jobs) symlinkSync(service(session, id), join(folder(session), id));
    },
    daemon: (session) => peer.daemon(folder(session)),
    isUp: (session) => daemonOf(session) !== undefined,
    processes(session) {
      const daemon = daemonOf(session);
      return { daemon, helpers: helpersOf(daemon, helperNames) };
    },
    status: (session) => ['sh', '-c', peer.status(folder(session))],
    load: (session) => ['sh', '-c', load(session)],
    trigger: rescan ? (session) => ['sh', '-c', rescan(folder(session))] : null,
    change: (session, { id }) => peer.change(join(folder(session), id)),
    stopAll: (session) => ['sh', '-c', peer.stopAll(folder(session))],
    logs: (session, { id }) =>
      readdirSync(session.path('logs', id))
        .filter((name) => isLogFile.test(name))
        .map((name) => session.path('logs', id, name)),
  };
}

function script(folder, line) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'run'), `#!/bin/sh\n${line}\n`, { mode: 0o755 });
}
