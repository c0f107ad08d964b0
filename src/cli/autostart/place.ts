import { isAbsolute, join } from 'node:path';
import { resolveHomes, type Homes } from '../../homes.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where the entry stands that starts the daemon of a data folder at login. */
export interface EntryPlace {
  readonly manager: 'launchd' | 'systemd';
  /** The label of an agent, or the name of a unit. */
  readonly name: string;
  readonly file: string;
}

/** Null on a system that has neither launchd nor systemd. */
export async function placeOf(
  homes: Homes,
  env: Env,
  platform: NodeJS.Platform = process.platform,
): Promise<EntryPlace | null> {
  const suffix = await suffixOf(homes, env);
  if (platform === 'darwin') {
    const name = `local.overseer${suffix}`;
    return { manager: 'launchd', name, file: join(homes.home, 'Library/LaunchAgents', `${name}.plist`) };
  }
  if (platform !== 'linux') return null;
  const name = `overseer${suffix}.service`;
  return { manager: 'systemd', name, file: join(configHome(homes, env), 'systemd/user', name) };
}

const configHome = ({ home }: Homes, env: Env): string => {
  const named = env['XDG_CONFIG_HOME'];
  return named !== undefined && isAbsolute(named) ? named : join(home, '.config');
};

/**
 * Each data folder has a daemon of its own, and so an entry of its own; that of the usual one has the plain
 * name.
 */
async function suffixOf({ data }: Homes, env: Env): Promise<string> {
  const usual = resolveHomes({ ...env, OVERSEER_CONFIG: undefined, OVERSEER_DATA: undefined });
  if (data === usual.data) return '';
  // Imported only here, because every trigger calls this function and few need a hash.
  const { createHash } = await import('node:crypto');
  return `-${createHash('sha256').update(data).digest('hex').slice(0, 8)}`;
}
