import { mkdirSync } from 'node:fs';
import { formatSocketFile } from '../../src/wire/socket-file.ts';
import { Home } from './support/home.ts';
import { BEHAVIOURS, Impostor } from './support/impostor.ts';
import { web, inWords, FINDS_FILE, socketText, writeSocket } from './support/ways.ts';

test.each(Object.entries(BEHAVIOURS))(
  'T-170 C-7 a program that %s learns nothing; only a command that may start a daemon replaces the file',
  async (_, behave) => {
    const home = new Home();
    const impostor = await Impostor.begin(behave);
    try {
      home.write('jobs.toml', web);
      mkdirSync(home.data, { recursive: true });
      const file = writeSocket(home, impostor.port);
      const isSilent = behave === BEHAVIOURS['is silent'] || behave === BEHAVIOURS['announces 4 GiB'];
      const asked = await home.walk('status');
      expect([asked.code === 0, inWords(asked.steps)]).toEqual([
        false,
        [...FINDS_FILE, 'Failure OpenSocket -> Done'],
      ]);
      expect(socketText(home)).toBe(formatSocketFile(file));
      const triggered = await home.walk();
      expect([triggered.code, inWords(triggered.steps).slice(2, 5)]).toEqual([
        0,
        [
          'Failure OpenSocket -> DeleteSocketFile',
          `${isSilent && triggered.steps[3]?.event === 'Failure' ? 'Failure' : 'Success'} DeleteSocketFile -> LaunchDaemon`,
          'Success LaunchDaemon -> OpenSocket',
        ],
      ]);
      expect((await home.status()).jobs.map(({ state }) => state)).toEqual(['running']);
      expect(impostor.received).not.toContain(file.token);
      expect(impostor.received).not.toContain(Buffer.from(file.token, 'hex').toString('latin1'));
    } finally {
      await impostor.end();
      await home.dispose();
    }
  },
);
