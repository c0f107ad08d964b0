import { home } from './fresh-home.ts';

export async function codes(
  ...commands: readonly string[]
): Promise<Readonly<Record<string, number | null>>> {
  const ran = commands.map(
    async (command) => [command, (await home.overseer(...command.split(' '))).code] as const,
  );
  return Object.fromEntries(await Promise.all(ran));
}
