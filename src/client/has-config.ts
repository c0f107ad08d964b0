import { readdirSync, statSync } from 'node:fs';

/** Whether there is a config file, readable or not; reading it reports the reason. */
export function hasConfig(config: string): boolean {
  try {
    const place = statSync(config, { throwIfNoEntry: false });
    if (place === undefined || !place.isDirectory()) return place !== undefined;
    return readdirSync(config).some((name) => name.endsWith('.toml') && !name.startsWith('.'));
  } catch {
    return true;
  }
}
