import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConfigReading } from '../../../src/config/config.ts';
import { ConfigReader } from '../../../src/daemon/config-reader.ts';
import { until } from '../../support/until.ts';

const dir = mkdtempSync(join(tmpdir(), 'overseer-reader-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A reader's thread that runs this. */
const threadThat = (does: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort, workerData } from 'node:worker_threads'; ${does}`)}`,
  );
const ANSWER = `parentPort.postMessage({ ok: true, files: [workerData.dir], config: { jobs: [] } });`;

const write = (text: string): void => writeFileSync(join(dir, 'a.toml'), text);
const LARGE = `# ${'x'.repeat(100_000)}\n`;

const messagesOf = (reading: ConfigReading): readonly string[] =>
  reading.ok ? [] : reading.problems.map(({ message }) => message);

describe('reading a config in the daemon', () => {
  it('a small config is read at once', () => {
    write('[[jobs]]\nname = "a"\njob_command = "x"\n');
    const reader = new ConfigReader({ home: '/', base: {}, worker: threadThat('throw new Error("never")') });
    expect(reader.read(dir)).toMatchObject({ ok: true, config: { jobs: [{ name: 'a' }] } });
  });

  it('files that are as they were are not parsed again, and the jobs are the same objects', async () => {
    const reader = new ConfigReader({ home: '/', base: {}, worker: threadThat(ANSWER) });
    const jobs = async (): Promise<unknown> => {
      const reading = await reader.read(dir);
      return reading.ok && reading.config.jobs;
    };
    write('[[jobs]]\nname = "a"\njob_command = "x"\n');
    const first = await jobs();
    expect(await jobs()).toBe(first);
    write('[[jobs]]\nname = "b"\njob_command = "x"\n');
    expect(await jobs()).toMatchObject([{ name: 'b' }]);
    writeFileSync(join(dir, 'b.toml'), '[[jobs]]\nname = "c"\njob_command = "x"\n');
    expect(await jobs()).toMatchObject([{ name: 'b' }, { name: 'c' }]);
    rmSync(join(dir, 'b.toml'));
    expect(await jobs()).toMatchObject([{ name: 'b' }]);
    write(LARGE);
    const large = await jobs();
    expect(await jobs()).toBe(large);
  });

  it('T-1406 a job that has not changed stays the same object when the config does', async () => {
    const reader = new ConfigReader({ home: '/', base: {}, worker: threadThat(ANSWER) });
    const jobs = async (text: string): Promise<readonly unknown[]> => {
      write(text);
      const reading = await reader.read(dir);
      return reading.ok ? reading.config.jobs : [];
    };
    const job = (name: string, more = ''): string => `[[jobs]]\nname = "${name}"\njob_command = "x"\n${more}`;
    const [a, b] = await jobs(job('a') + job('b'));
    const changed = await jobs(job('b', 'env = { A = "1" }\n') + job('c') + job('a'));
    expect(changed.map((each) => each === a)).toEqual([false, false, true]);
    expect(changed[0]).toMatchObject({ name: 'b', env: { A: '1' } });
    const back = await jobs(job('a') + job('b'));
    expect([back[0] === a, back[1] === b]).toEqual([true, false]);
    expect(back[1]).toEqual(b);
  });

  it('a config with an env_file is parsed each time', async () => {
    const reader = new ConfigReader({ home: '/', base: {}, worker: threadThat(ANSWER) });
    write(`[[jobs]]\nname = "a"\njob_command = "x"\nenv_file = "${join(dir, 'env')}"\n`);
    for (const value of ['1', '2']) {
      writeFileSync(join(dir, 'env'), `A=${value}\n`);
      expect(await reader.read(dir)).toMatchObject({ config: { jobs: [{ envFromFiles: { A: value } }] } });
    }
  });

  it('a config with problems is read anew each time', async () => {
    const reader = new ConfigReader({ home: '/', base: {}, worker: threadThat(ANSWER) });
    write('jobs = 1');
    const first = await reader.read(dir);
    expect(first.ok).toBe(false);
    expect(await reader.read(dir)).not.toBe(first);
  });

  it('a large config is read by a thread of its own', async () => {
    write(LARGE);
    const reading = new ConfigReader({ home: '/', base: {}, worker: threadThat(ANSWER) }).read(dir);
    expect(reading).toBeInstanceOf(Promise);
    expect(await reading).toEqual({ ok: true, files: [dir], config: { jobs: [] } });
  });

  it('T-1704 a changed job of a large config is read alone, at once and without a thread', async () => {
    const known = `Array.from({ length: 1000 }, (_, at) => ({ name: 'j' + at, instances: null, tags: [], after: [] }))`;
    const answer = `parentPort.postMessage({ ok: true, files: [], config: { jobs: ${known} } });`;
    const text = (nice: number): string =>
      Array.from(
        { length: 1_000 },
        (_, at) => `[[jobs]]\nname = "j${at}"\njob_command = "x"\n${at === 7 ? `nice = ${nice}\n` : ''}`,
      ).join('');
    const reader = new ConfigReader({ home: '/', base: {}, worker: threadThat(answer) });
    write(text(1));
    const first = reader.read(dir);
    expect(first).toBeInstanceOf(Promise);
    const before = await first;
    write(text(2));
    const now = reader.read(dir);
    if (now instanceof Promise || !now.ok || !before.ok) throw new Error('not read at once');
    expect(now.config.jobs[7]).toMatchObject({ name: 'j7', nice: 2 });
    expect(now.config.jobs.filter((each, at) => each !== before.config.jobs[at])).toHaveLength(1);
    write(`${text(2)}[[jobs]]\nname = "more"\njob_command = "x"\n`);
    const more = reader.read(dir);
    expect(more).toBeInstanceOf(Promise);
    await more;
  });

  it('a large file of variables makes a config large', async () => {
    writeFileSync(join(dir, 'env'), `A=${'x'.repeat(100_000)}\n`);
    write(`[[jobs]]\nname = "a"\njob_command = "x"\nenv_file = "${join(dir, 'env')}"\n`);
    const reading = new ConfigReader({ home: '/', base: {}, worker: threadThat(ANSWER) }).read(dir);
    expect(reading).toBeInstanceOf(Promise);
    await reading;
  });

  it('a small config waits for a large one that was asked for before it', async () => {
    write(LARGE);
    const order: string[] = [];
    const reader = new ConfigReader({
      home: '/',
      base: {},
      worker: threadThat(`setTimeout(() => { ${ANSWER} }, 50)`),
    });
    const first = Promise.resolve(reader.read(dir)).then(() => order.push('first'));
    write('');
    const second = Promise.resolve(reader.read(dir)).then(() => order.push('second'));
    await Promise.all([first, second]);
    expect(order).toEqual(['first', 'second']);
    expect(reader.read(dir)).toMatchObject({ ok: true });
  });

  it('a third config waits for the second one after the first has been read', async () => {
    const held = mkdtempSync(join(tmpdir(), 'overseer-reader-'));
    writeFileSync(join(held, 'a.toml'), LARGE);
    const go = join(held, 'go');
    const reader = new ConfigReader({
      home: '/',
      base: {},
      // The config of that folder is read once it is let.
      worker: threadThat(
        `import { existsSync } from 'node:fs';
        const answer = () => { ${ANSWER} };
        const wait = () => existsSync(${JSON.stringify(go)}) ? answer() : setTimeout(wait, 1);
        workerData.dir === ${JSON.stringify(held)} ? wait() : answer();`,
      ),
    });
    const order: string[] = [];
    write(LARGE);
    const first = reader.read(dir);
    const second = Promise.resolve(reader.read(held)).then(() => order.push('second'));
    await first;
    write('');
    const third = reader.read(dir);
    expect(third).toBeInstanceOf(Promise);
    const last = Promise.resolve(third).then(() => order.push('third'));
    expect(order).toEqual([]);
    writeFileSync(go, '');
    await Promise.all([second, last]);
    expect(order).toEqual(['second', 'third']);
    expect(reader.read(dir)).toMatchObject({ ok: true });
    rmSync(held, { recursive: true });
  });

  it('a thread that has answered is ended, and no time limit is left', async () => {
    const held = (): readonly string[] =>
      process.getActiveResourcesInfo().filter((name) => ['Timeout', 'MessagePort', 'Worker'].includes(name));
    write(LARGE);
    const before = held().length;
    const reader = new ConfigReader({
      home: '/',
      base: {},
      worker: threadThat(`${ANSWER} setInterval(() => undefined, 10);`),
      timeLimitMs: 3_600_000,
    });
    await reader.read(dir);
    await until(() => held().length <= before);
  });

  it('what was read while its file was written counts for no later reading', async () => {
    const answer = `import { existsSync, readFileSync } from 'node:fs';
      const file = workerData.dir + '/a.toml';
      const wait = () => existsSync(workerData.home)
        ? parentPort.postMessage({ ok: true, files: [readFileSync(file, 'utf8').slice(2, 8)], config: { jobs: [] } })
        : setTimeout(wait, 1);
      wait();`;
    const go = join(dir, 'go');
    const reader = new ConfigReader({ home: go, base: {}, worker: threadThat(answer) });
    write(`# first ${LARGE}`);
    const reading = reader.read(dir);
    write(`# other ${LARGE}`);
    writeFileSync(go, '');
    expect(await reading).toMatchObject({ files: ['other '] });
    write(`# first ${LARGE}`);
    expect(await reader.read(dir)).toMatchObject({ files: ['first '] });
    rmSync(go);
  });

  it('a changed table of a config of one file has the folder of that file as before', async () => {
    const own = join(dir, 'one');
    mkdirSync(own);
    const file = join(own, 'overseer.toml');
    const reader = new ConfigReader({ home: '/home/me', base: {}, worker: threadThat(ANSWER) });
    const cwds = async (line: string): Promise<unknown> => {
      writeFileSync(
        file,
        `[[jobs]]\nname = "a"\njob_command = "x"\n${line}\n[[jobs]]\nname = "b"\njob_command = "x"\n`,
      );
      const reading = await reader.read(file);
      return reading.ok && reading.config.jobs.map(({ cwd }) => cwd);
    };
    expect([await cwds(''), await cwds('nice = 1'), await cwds('cwd = "sub"')]).toEqual([
      [own, own],
      [own, own],
      [join(own, 'sub'), own],
    ]);
  });

  it('a folder and the one file in it are two configs', async () => {
    const own = join(dir, 'own');
    mkdirSync(own);
    const file = join(own, 'a.toml');
    writeFileSync(file, '[[jobs]]\nname = "a"\njob_command = "x"\n');
    const reader = new ConfigReader({ home: '/home/me', base: {}, worker: threadThat(ANSWER) });
    expect(await reader.read(own)).toMatchObject({ config: { jobs: [{ cwd: '/home/me' }] } });
    expect(await reader.read(file)).toMatchObject({ config: { jobs: [{ cwd: own }] } });
  });

  it.each([
    ['takes too long', 'for (;;);', 'the config takes longer than 0.2 s to read: make it smaller'],
    ['throws', 'throw new Error("oh")', 'the config cannot be read: oh'],
    ['ends in silence', 'process.exit(0)', 'the config cannot be read: its reader ended without an answer'],
    [
      'needs too much memory',
      'const a = []; for (;;) a.push(new Array(1000).fill(Math.random()))',
      'the config takes more than 20 MB of memory to read: make it smaller',
    ],
  ])('a thread that %s is a problem of the config', async (_, does, said) => {
    write(LARGE);
    const timeLimitMs = does.includes('(;;);') ? 200 : 60_000;
    const reader = new ConfigReader({
      home: '/',
      base: {},
      worker: threadThat(does),
      timeLimitMs,
      memoryLimitMb: 20,
    });
    expect(messagesOf(await reader.read(dir))).toEqual([said]);
  });
});
