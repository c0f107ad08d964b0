export const program = (name: string, command: string, more = ''): string =>
  `[[jobs]]\nname = "${name}"\njob_command = ${command}\nstart_seconds = 0\n${more}\n`;

export const job = (name: string, more = ''): string => program(name, '"sleep 1000"', more);

export const script = (name: string, text: string, more = ''): string =>
  program(name, `{ exe = "sh", args = ["-c", ${JSON.stringify(text)}] }`, more);

/** A job that counts as running after a tenth of a second. */
export const lateJob = (name: string, more = '', command = 'sleep 1000'): string =>
  `[[jobs]]\nname = "${name}"\njob_command = "${command}"\nstart_seconds = 0.1\n${more}\n`;
