import { enable } from '../../../../src/cli/autostart/enable.ts';
import { look } from '../../../../src/cli/autostart/look.ts';
import { LoginWorld } from '../../../support/login-world.ts';

/** The notes on an entry whose overseer stands in this folder of the home. */
async function notesOn(platform: 'linux' | 'darwin', folder: string): Promise<unknown> {
  const world = new LoginWorld(platform);
  world.running = { ...world.running, program: world.program(`${folder}/overseerd`, 'echo 0.1.0') };
  await enable(world, null);
  const { notes, troubles } = await look(world);
  return [troubles, JSON.parse(JSON.stringify(notes).replaceAll(world.home, '~'))];
}

test.each([
  ['darwin', 'Documents/overseer', [{ code: 'protected-folder', folder: '~/Documents' }]],
  ['darwin', 'Downloads', [{ code: 'protected-folder', folder: '~/Downloads' }]],
  ['darwin', 'Documents-of-mine', []],
  ['linux', 'Documents', []],
  ['linux', '.npm/_npx/12ab', [{ code: 'temporary', program: '~/.npm/_npx/12ab/overseerd' }]],
  ['linux', 'npx', []],
] as const)('on %s an overseer in %s has the notes %j', async (platform, folder, notes) => {
  expect(await notesOn(platform, folder)).toEqual([[], notes]);
});

test('status notes an entry that runs another version of overseer', async () => {
  const world = new LoginWorld();
  await enable(world, null);
  const { run: answer } = world;
  const run: typeof answer = (program, words) => {
    const result = answer(program, words);
    return words.includes('--version') ? { ...result, stdout: '0.0.9\n' } : result;
  };
  expect(await look(Object.assign(world, { run }))).toMatchObject({
    troubles: [],
    notes: [{ code: 'other-version', version: '0.0.9' }],
  });
});
