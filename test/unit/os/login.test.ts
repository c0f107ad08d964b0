import { writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { loginTrouble } from '../../../src/os/login.ts';
import { newFolder } from '../../support/new-folder.ts';

const agentIn = (folder: string): string => join(folder, 'com.apple.launchd.x1', 'Listeners');

/** The problem with a login session whose agent has this socket, where scutil prints this. */
async function trouble(agent: string | undefined, printed: string, platform: NodeJS.Platform = 'darwin') {
  const asked: string[] = [];
  const found = await loginTrouble({
    platform,
    environment: { SSH_AUTH_SOCK: agent },
    run: (file, args, done) => {
      asked.push([file, ...args].join(' '));
      done({ code: 0, stdout: printed, complaint: '', missing: false });
    },
  });
  return [found, ...asked];
}
const DNS = '/usr/sbin/scutil --dns';

test('a login session counts as ended when the socket of its ssh-agent is gone', async () => {
  const folder = newFolder();
  expect(await trouble(agentIn(folder), '')).toEqual(['ended']);
  mkdirSync(join(folder, 'com.apple.launchd.x1'));
  writeFileSync(agentIn(folder), '');
  expect(await trouble(agentIn(folder), 'resolver #1')).toEqual([null, DNS]);
});

test('an agent that is not launchd’s says nothing about the login', async () => {
  for (const agent of [
    undefined,
    '/tmp/ssh-x/agent.1',
    '/com.apple.launchd.x/Listeners/below',
    '/x/Listeners',
  ])
    expect(await trouble(agent, 'resolver #1')).toEqual([null, DNS]);
});

test('a login without names may have ended', async () => {
  expect(await trouble(undefined, 'No DNS configuration available\n')).toEqual(['no-names', DNS]);
});

test('elsewhere than on a Mac nothing is asked', async () => {
  expect(await trouble(agentIn('/nowhere'), 'No DNS configuration available', 'linux')).toEqual([null]);
});
