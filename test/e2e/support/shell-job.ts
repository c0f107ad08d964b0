/**
 * The config of one job that runs a shell script; it counts as running at once. `more` are further keys of
 * it.
 */
export function shellJob(name: string, script: string, more = ''): string {
  return `[[jobs]]\nname = "${name}"\nstart_seconds = 0\n${more}\njob_command = { exe = "/bin/sh", args = ["-c", ${JSON.stringify(script)}] }\n`;
}

/** A job that runs until it is stopped. */
export const sleeper = (name: string, more = ''): string => shellJob(name, 'exec /bin/sleep 1000', more);
