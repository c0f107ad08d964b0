import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LINE_MAX } from '../../../../src/cli/logs/tail-start.ts';
import { answering, KeptOutput, run } from '../../../support/fake-cli.ts';
import { HOMES, type FakeWorld } from '../../../support/fake-client.ts';
import { job, statusOf } from '../../../support/sample-replies.ts';
import { newFolder } from '../../../support/new-folder.ts';

describe('logs', () => {
  function newLogs(files: Readonly<Record<string, string | Buffer>>): {
    readonly dir: string;
    readonly homes: typeof HOMES;
  } {
    const data = newFolder();
    const dir = join(data, 'logs');
    mkdirSync(dir);
    for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content);
    return { dir, homes: { ...HOMES, data } };
  }

  const lines = (from: number, to: number): string =>
    Array.from({ length: to - from + 1 }, (_, at) => `line ${from + at}\n`).join('');

  const logs = async (
    line: string,
    files: Readonly<Record<string, string | Buffer>>,
    world: FakeWorld = answering(null),
  ) => run(line, world, { homes: newLogs(files).homes });

  test('logs of one job are its last 20 lines, byte for byte', async () => {
    const { out } = await logs('logs web', { 'web.log': lines(1, 50) });
    expect(out).toBe(lines(31, 50));
    const bytes = Buffer.from([0, 255, 254, 10, 27, 91, 10, 200]);
    const kept = new KeptOutput();
    await run('logs web', answering(null), { homes: newLogs({ 'web.log': bytes }).homes, out: kept });
    expect(kept.bytes).toEqual(bytes);
  });

  test.each([
    ['-n 3', lines(8, 10)],
    ['-n 0', ''],
    ['-n 7', lines(4, 10)],
    ['-n 100', lines(1, 10)],
    ['-n3', lines(8, 10)],
    ['-n 9 -n 2', lines(9, 10)],
  ])('logs with %s reach back into rotated logs when need be', async (option, out) => {
    expect(
      await logs(`logs web ${option}`, {
        'web.log': lines(9, 10),
        'web.log.1': lines(5, 8),
        'web.log.2': lines(1, 4),
        'web.log.rotating': 'no',
      }),
    ).toEqual({ code: 0, out, err: '' });
  });

  test('logs of several jobs have the name before each line, and end with a newline', async () => {
    const { out } = await logs('logs -n 2', {
      'web.log': 'a\nb\nunfinished',
      'worker.log': 'c\n',
      'empty.log': '',
    });
    expect(out).toBe('web    | b\nworker | c\nweb    | unfinished\n');
  });

  test('logs of a job with copies are those of its copies', async () => {
    const { out } = await logs('logs web', {
      'web@1.log': 'a\n',
      'web@2.log': 'b\n',
      'web@x.log': 'c\n',
      'webs.log': 'd\n',
    });
    expect(out).toBe('web@1 | a\nweb@2 | b\n');
  });

  test('logs --json prints one object a line', async () => {
    expect((await logs('logs web --json', { 'web.log': 'a "b"\nc' })).out).toBe(
      '{"job":"web","line":"a \\"b\\""}\n{"job":"web","line":"c"}\n',
    );
  });

  test('logs of an unknown job are refused with the nearest name', async () => {
    expect(await logs('logs wbe', { 'web.log': '' })).toEqual({
      code: 4,
      out: '',
      err: 'overseer: no such job and no log of one: wbe: did you mean "web"?\n',
    });
    expect(await logs('logs quiet', {}, answering(statusOf(job({ name: 'quiet' }))))).toEqual({
      code: 0,
      out: '',
      err: '',
    });
    expect(await logs('logs', {})).toEqual({ code: 0, out: '', err: '' });
  });

  test('T-214 logs shows the last mebibyte of an endless line and reads no more of the file', async () => {
    const { out } = await logs('logs web', { 'web.log': `begin${'x'.repeat(5 * LINE_MAX)}` });
    expect([out.length, out.startsWith('x')]).toEqual([LINE_MAX, true]);
  });

  test('logs stop without a word when the reader has left', async () => {
    const out = new KeptOutput({ leavesAfter: 100 });
    const { homes } = newLogs({ 'web.log': 'x\n'.repeat(200_000), 'db.log': 'y\n' });
    expect((await run('logs -n 999999', answering(null), { homes, out })).code).toBe(0);
    expect(out.text.length).toBeLessThan(1_000_000);
  });

  describe('that are followed', () => {
    interface Following {
      readonly dir: string;
      readonly out: KeptOutput;
      /** Waits until what was printed since the start is this. */
      readonly shows: (text: string) => Promise<void>;
      readonly stop: () => Promise<number>;
    }

    function follow(line: string, files: Readonly<Record<string, string>>): Following {
      const { dir, homes } = newLogs(files);
      const out = new KeptOutput();
      const controller = new AbortController();
      const ended = run(line, answering(null), { homes, out, interruption: () => controller.signal });
      const shows = async (text: string): Promise<void> => {
        for (let tries = 0; out.text.length < text.length && tries < 2000; tries += 1)
          await new Promise((resolve) => setTimeout(resolve, 1));
        expect(out.text).toBe(text);
      };
      return {
        dir,
        out,
        shows,
        stop: async () => {
          controller.abort();
          return (await ended).code;
        },
      };
    }

    test('logs -f goes on until it is interrupted, which is exit code 0', async () => {
      const following = follow('logs web -f -n 1', { 'web.log': 'a\nb\n' });
      await following.shows('b\n');
      appendFileSync(join(following.dir, 'web.log'), 'c');
      await following.shows('b\nc');
      expect(await following.stop()).toBe(0);
    });

    test('logs -f shows a log that appears later from its beginning', async () => {
      const following = follow('logs -f', { 'web.log': 'a\n' });
      await following.shows('web | a\n');
      writeFileSync(join(following.dir, 'db.log'), 'first\nsecond\n');
      await following.shows('web | a\ndb  | first\ndb  | second\n');
      expect(await following.stop()).toBe(0);
    });

    test('logs -f shows a line that does not end when it has waited long enough', async () => {
      const following = follow('logs -f', { 'web.log': 'prompt> ', 'db.log': '' });
      await following.shows('web | prompt> \n');
      appendFileSync(join(following.dir, 'db.log'), 'half');
      await following.shows('web | prompt> \ndb  | half\n');
      expect(await following.stop()).toBe(0);
    });
  });
});
