import { mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FoundSocketFile } from '../../../../src/client/ports.ts';
import type { Homes } from '../../../../src/homes.ts';
import { answering, run, type Outcome } from '../../../support/fake-cli.ts';
import { fakePorts, fakeWorld, HOMES, socketText } from '../../../support/fake-client.ts';
import { newFolder } from '../../../support/new-folder.ts';
import { refusal } from '../../../support/sample-replies.ts';

const before = process.cwd();
let dir: string;
beforeEach(() => {
  dir = realpathSync(newFolder());
  mkdirSync(join(dir, 'below'));
  writeFileSync(join(dir, 'overseer.toml'), '');
  process.chdir(join(dir, 'below'));
});
afterEach(() => process.chdir(before));

interface Story {
  readonly isAlive?: boolean;
  readonly usual?: FoundSocketFile;
}

/** A call in the folder of a project whose daemon has this socket file. */
function called(words: string, world = fakeWorld(), { isAlive = true, usual }: Story = {}): Promise<Outcome> {
  const ports = fakePorts(world);
  return run(words, world, {
    ports: {
      ...ports,
      isAlive: () => isAlive,
      readSocketFile: (homes: Homes) =>
        homes.data === HOMES.data ? (usual ?? world.socket) : { kind: 'text', text: socketText(7) },
    },
  });
}

test('without a daemon, a command suggests --project if the enclosing project has one', async () => {
  expect(await called('status')).toEqual({
    code: 3,
    out: '',
    err:
      `overseer: no daemon is running; the project in ${dir} has one: \`overseer --project status\` ` +
      'reaches it\n',
  });
  expect((await called('die')).err).toContain('`overseer --project die` reaches it');
  expect((await called('status', fakeWorld(), { isAlive: false })).err).toBe(
    'overseer: no daemon is running; `overseer` starts one\n',
  );
});

test('for an unknown job, a command suggests --project if the enclosing project has a daemon', async () => {
  const world = answering(refusal('no-such-job'));
  expect((await called('stop web', world)).err).toMatch(
    new RegExp(`; the project in ${dir} has a daemon of its own, which \`--project\` reaches\n$`),
  );
  expect((await called('stop web', answering(refusal('degraded')))).err).toBe('overseer: it is degraded\n');
});

test('a project without a daemon is named by its folder', async () => {
  const world = fakeWorld();
  expect((await run('--project status', world)).err).toBe(
    `overseer: no daemon of the project in ${dir} is running; \`overseer --project\` starts one\n`,
  );
  expect((await run('--project stop web', world)).err).toBe(
    `overseer: no daemon of the project in ${dir} is running\n`,
  );
});

test('a missing project is an error, which suggests init if the folder exists', async () => {
  const told = async (words: string): Promise<unknown> => {
    const { code, err } = await run(words, fakeWorld());
    return [code, err];
  };
  const empty = realpathSync(newFolder());
  expect(await told(`--project=${empty} status`)).toEqual([
    78,
    `overseer: there is no overseer.toml in ${empty} or in a folder above it, which --project names; ` +
      `\`overseer --project=${empty} init\` writes one\n`,
  ]);
  expect(await told(`--project=${empty}/none status`)).toEqual([
    78,
    `overseer: there is no ${empty}/none, which --project names\n`,
  ]);
  const json = await run(`--project=${empty}/none status --json`, fakeWorld());
  expect(JSON.parse(json.out)).toMatchObject({ daemon: null, jobs: [], error: { code: 'no-config' } });
});
