import { accessSync, chmodSync, constants, mkdirSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** The two folders of overseer, and the user's own. */
export interface Homes {
  readonly config: string;
  readonly data: string;
  readonly home: string;
}

type Env = Readonly<Record<string, string | undefined>>;

/** Where overseer's folders are. A relative or empty XDG variable is ignored, as the XDG specification says. */
export function resolveHomes(env: Env, accountHome: () => string = homeOfAccount): Homes {
  const home = absolute(env['HOME']) ?? accountHome();
  return {
    config: join(absolute(env['XDG_CONFIG_HOME']) ?? join(home, '.config'), 'overseer'),
    data: join(absolute(env['XDG_DATA_HOME']) ?? join(home, '.local', 'share'), 'overseer'),
    home,
  };
}

/** Makes the data folder, for this user alone. Null when it can be used, else what is in the way. */
export function makeDataHome(data: string): string | null {
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 });
  } catch (error) {
    // What is in its place is told better by a look.
    return lookAtDataHome(data) ?? `cannot make the data folder ${data}: ${(error as Error).message}`;
  }
  return lookAtDataHome(data);
}

/** Null when the data folder is one, ours and writable, or is not there at all; else what is wrong with it. */
export function lookAtDataHome(data: string): string | null {
  try {
    const found = statSync(data, { throwIfNoEntry: false });
    if (found === undefined) return null;
    if (!found.isDirectory()) return `the data folder ${data} is not a folder; move it away, or set XDG_DATA_HOME`;
    if (found.uid !== process.getuid?.()) return `the data folder ${data} belongs to another user (uid ${found.uid})`;
    if ((found.mode & 0o777) !== 0o700) chmodSync(data, 0o700);
    accessSync(data, constants.R_OK | constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return `cannot use the data folder ${data}: ${(error as Error).message}`;
  }
}

const absolute = (path: string | undefined): string | null => (path !== undefined && isAbsolute(path) ? path : null);

/** An account without a home, or a user without an account, is at home in `/`, as for login(1). */
function homeOfAccount(): string {
  try {
    return absolute(userInfo().homedir) ?? '/';
  } catch {
    // No entry in the user database.
    return '/';
  }
}
