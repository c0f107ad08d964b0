import { readdirSync } from 'node:fs';

/** Whether there is a config file, readable or not; reading it reports the reason. */
export function hasConfig(config: string): boolean {
  try {
    return readdirSync(config).some((name) => name.endsWith('.toml') && !name.startsWith('.'));
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ENOENT';
  }
}
