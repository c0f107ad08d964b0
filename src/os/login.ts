import { existsSync } from 'node:fs';
import { runToolLater, type RunToolLater } from './run-tool.ts';

/**
 * What speaks against the login session of this process: `ended` when its end is certain, `no-names` when it
 * resolves no host names, as after the end of its session, but also where the machine has no network.
 */
export type LoginTrouble = 'ended' | 'no-names';

export interface LoginOptions {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly run?: RunToolLater;
}

const SCUTIL = '/usr/sbin/scutil';

/** launchd makes this socket for each login session, and removes it when the session ends. */
const AGENT = /\/com\.apple\.launchd\.[^/]+\/Listeners$/;

/**
 * On macOS a process outlives the logout in a session that has no DNS, no keychain and no ssh-agent any more.
 * Elsewhere nothing is lost.
 */
export function loginTrouble({
  platform,
  environment,
  run = runToolLater,
}: LoginOptions): Promise<LoginTrouble | null> | null {
  if (platform !== 'darwin') return null;
  const agent = environment['SSH_AUTH_SOCK'] ?? '';
  if (AGENT.test(agent) && !existsSync(agent)) return Promise.resolve('ended');
  return new Promise((resolve) =>
    run(SCUTIL, ['--dns'], ({ stdout }) =>
      resolve(stdout.includes('No DNS configuration available') ? 'no-names' : null),
    ),
  );
}
