export const job = (name: string, more = ''): string =>
  `[[jobs]]\nname = "${name}"\njob_command = "sleep 1000"\nstart_seconds = 0\n${more}\n`;

export const program = (name: string, command: string, more = ''): string =>
  `[[jobs]]\nname = "${name}"\njob_command = ${command}\nstart_seconds = 0\n${more}\n`;
