// A test runner for StrykerJS. Its own runner for jest loads everything anew for each planted bug, which
// takes a second or more; this one keeps the loaded tests, and only switches bugs on and off.
import { existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ZONE } from '../../test/support/zone.mjs';

register('./loader.mjs', import.meta.url);
const { blocksOf, collect } = await import('./harness.mjs');

/**
 * A test counts as endless if it takes this many times as long as without a bug, and at least the time below.
 */
const PATIENCE = 20;
const LEAST_PATIENCE_MS = 3_000;

/** After this many endless tests a process is replaced, because of what they left open. */
const MOST_HUNG = 10;

/** How often a test may fail without a bug, as on a slow machine, before it is taken for a failing one. */
const DRY_TRIES = 3;
/** No limit that a slow machine could reach. */
const DRY_PATIENCE_MS = 180_000;

/** Of so many bugs one is planted. */
const EVERY = Number(process.env['OVERSEER_MUTATION_EVERY'] ?? 1);

/** Where the tests are; named by ../mutation.mjs. */
const FOLDERS = process.env['OVERSEER_MUTATION_TESTS'].split(':');

/**
 * Tests that need the built program, read the sources as text, or plant bugs by themselves. `flat-chart`
 * evaluates a chart once more, so that of two copies only its own would have the bug.
 */
const UNFIT_CHARTS = 'mutants|pictures|composition|lint|conformance';
const UNFIT = new RegExp(`/test/(unit/(bin|docs|support)/|charts/(${UNFIT_CHARTS})|host/flat-chart)`);
/**
 * Tests of much work, of many walks or of a whole daemon: a bug that no other test finds would take most of
 * its time there.
 */
const SLOW_UNITS = 'config/read-config\\.limits|daemon/main\\.running|.*\\.at-once';
const SLOW = new RegExp(`/test/(host/many-jobs|charts/walks|unit/(${SLOW_UNITS}))\\.`);
/** Single tests of that kind: of fast writers whose logs are rotated, and of five thousand folders. */
const SLOW_TESTS = /: .*(T-231 |T-234 |as many folders as the limit)/;

/** How long each test takes, kept in the copy of the project for the processes that follow the first. */
const TIMES = 'times-of-tests.json';

// Stryker's own: the code with the bugs in it looks here.
const stryker = (globalThis.__stryker__ ??= {});

/**
 * Of a bug that is not in the sample Stryker is told that it is computed once: it leaves those out. Else it
 * starts a process for each that is computed both when a file is loaded and later.
 */
function sampled(coverage) {
  if (EVERY === 1 || process.env['OVERSEER_MUTATION_STATIC'] === 'true') return coverage;
  const isPlanted = (id) => Number(id) % EVERY === 0;
  const { static: once, perTest } = coverage;
  for (const hits of Object.values(perTest))
    for (const id of Object.keys(hits)) {
      if (isPlanted(id)) continue;
      delete hits[id];
      once[id] = 1;
    }
  return coverage;
}

class TestRunner {
  static inject = [];
  #files = new Map();
  #tests = new Map();
  #usual = new Map();
  #environment;
  #folder = process.cwd();
  /** Whether a bug has left something behind in this process. */
  #soiled = false;

  capabilities() {
    return { reloadEnvironment: false };
  }

  init() {
    guard();
    // Nothing else keeps a process alive while a file is loaded.
    setInterval(() => {}, 2 ** 30);
    const home = mkdtempSync(join(tmpdir(), 'o-'));
    Object.assign(process.env, { HOME: home, NODE_ENV: 'test', FORCE_COLOR: '0', TZ: ZONE });
    for (const name of Object.keys(process.env))
      if (/^(XDG|OVERSEER|STRYKER)_/.test(name)) delete process.env[name];
    this.#environment = { ...process.env };
    if (existsSync(TIMES)) this.#usual = new Map(JSON.parse(readFileSync(TIMES, 'utf8')));
  }

  async dryRun() {
    const results = [];
    stryker.mutantCoverage = { static: {}, perTest: {} };
    for (const path of testFiles())
      for (const test of await this.#load(path)) {
        let began = performance.now();
        let failure = await this.#run(test, test.id);
        for (let tries = 1; failure !== undefined && tries < DRY_TRIES; tries += 1) {
          began = performance.now();
          failure = await this.#run(test, test.id);
        }
        const timeSpentMs = performance.now() - began;
        this.#usual.set(test.id, timeSpentMs);
        results.push({
          id: test.id,
          name: test.id,
          fileName: path,
          timeSpentMs,
          ...(failure === undefined ? { status: 0 } : { status: 1, failureMessage: failure }),
        });
      }
    writeFileSync(TIMES, JSON.stringify([...this.#usual]));
    return { status: 'complete', tests: results, mutantCoverage: sampled(stryker.mutantCoverage) };
  }

  async mutantRun({ activeMutant, testFilter, hitLimit, mutantActivation }) {
    if (Number(activeMutant.id) % EVERY !== 0) return { status: 'error', errorMessage: 'not in the sample' };
    // Stryker tries again in a new process.
    if (this.#soiled) throw new Error('an earlier bug has left something behind');
    if (mutantActivation === 'static') stryker.activeMutant = activeMutant.id;
    const tests = await this.#named(testFilter);
    let nrOfTests = 0;
    for (let test = tests.shift(); test !== undefined; test = tests.shift()) {
      stryker.activeMutant = activeMutant.id;
      stryker.hitCount = hitLimit === undefined ? undefined : 0;
      stryker.hitLimit = hitLimit;
      nrOfTests += 1;
      const failure = await this.#run(test);
      const endless = hitLimit !== undefined && stryker.hitCount > hitLimit;
      stryker.activeMutant = undefined;
      stryker.hitLimit = undefined;
      stryker.hitCount = undefined;
      if (endless) {
        this.#soiled = true;
        return { status: 'timeout', reason: 'it goes round without end' };
      }
      if (failure === undefined) continue;
      // A test that fails without the bug as well has been spoiled by it, or by the one before.
      const began = performance.now();
      const failsAnyway = mutantActivation !== 'static' && (await this.#run(test)) !== undefined;
      if (!failsAnyway && failure.includes(NO_END) && this.#isSlower(test, performance.now() - began)) {
        tests.unshift(test);
        continue;
      }
      if (failsAnyway && this.#ran > 0) this.#soil();
      // It may come from a test that had no end, and has gone on until now.
      if (failure.startsWith(STRAY) && this.#hung > 0) this.#soil();
      if (failure.includes(NO_END)) this.#hung += 1;
      this.#soiled ||= failsAnyway || this.#hung > MOST_HUNG;
      this.#ran += 1;
      return { status: 'killed', killedBy: [test.id], failureMessage: failure.slice(0, 2000), nrOfTests };
    }
    this.#ran += 1;
    return { status: 'survived', nrOfTests };
  }

  #ran = 0;
  /** Tests that had no end with a bug, and went on well without it. */
  #hung = 0;

  /** Whether the machine has become so slow that the test may have had an end. */
  #isSlower({ id }, tookMs) {
    const isSlower = PATIENCE * tookMs > this.#patienceFor(id);
    if (isSlower) this.#usual.set(id, tookMs);
    return isSlower;
  }

  #patienceFor(id) {
    return Math.max(LEAST_PATIENCE_MS, PATIENCE * (this.#usual.get(id) ?? 0));
  }

  #soil() {
    this.#soiled = true;
    throw new Error('an earlier bug may have left something behind');
  }

  async #named(ids) {
    if (ids === undefined) for (const path of testFiles()) await this.#load(path);
    else for (const id of ids) await this.#load(resolve(id.slice(0, id.indexOf(': '))));
    const tests = ids === undefined ? [...this.#tests.values()] : ids.map((id) => this.#tests.get(id));
    // Most bugs are found by the tests that are quickest.
    return tests
      .filter(Boolean)
      .toSorted((a, b) => (this.#usual.get(a.id) ?? 0) - (this.#usual.get(b.id) ?? 0));
  }

  async #load(path) {
    if (!this.#files.has(path)) {
      const all = await collect(path, () => import(pathToFileURL(path).href));
      const tests = all.filter(({ id }) => !SLOW_TESTS.test(id));
      this.#files.set(path, tests);
      for (const test of tests) this.#tests.set(test.id, test);
    }
    return this.#files.get(path);
  }

  /** Runs a test with all that it needs. @returns why it failed */
  async #run(test, coverageOf) {
    const failures = [];
    const attempt = async (action) => {
      try {
        await this.#inTime(action, test);
      } catch (error) {
        failures.push(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
      }
    };
    onStray = (error) => failures.push(`${STRAY}: ${error?.message ?? error}`);
    stryker.currentTestId = coverageOf;
    const blocks = blocksOf(test);
    const inner = blocks.toReversed();
    for (const hook of [...blocks.flatMap(firstOf), ...blocks.flatMap(({ befores }) => befores)])
      if (failures.length === 0) await attempt(hook);
    if (failures.length === 0) await attempt(test.run);
    for (const hook of inner.flatMap(({ afters }) => afters)) await attempt(hook);
    if (process.cwd() !== this.#folder) process.chdir(this.#folder);
    for (const name of Object.keys(process.env)) if (!(name in this.#environment)) delete process.env[name];
    Object.assign(process.env, this.#environment);
    stryker.currentTestId = undefined;
    return failures[0];
  }

  async #inTime(action, { id }) {
    const limit = stryker.currentTestId === undefined ? this.#patienceFor(id) : DRY_PATIENCE_MS;
    let timer;
    const late = new Promise((_, reject) => {
      timer = setTimeout(() => reject(new Error(`${NO_END} in ${Math.round(limit)} ms`)), limit);
    });
    try {
      await Promise.race([action.call({}), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What a block needs once is made once a process, and kept. */
const firstOf = (block) => (block.begun ? [] : ((block.begun = true), block.first));

const NO_END = 'the test has no end';
const STRAY = 'stray';
let onStray = () => {};

function guard() {
  process.on('uncaughtException', (error) => onStray(error));
  process.on('unhandledRejection', (error) => onStray(error));
  // A bug in a sign must not reach the processes of others.
  const kill = process.kill.bind(process);
  process.kill = (pid, signal) => {
    if (
      signal !== 0 &&
      !(Math.abs(pid) > 1 && Math.abs(pid) !== process.pid && Math.abs(pid) !== process.ppid)
    )
      throw Object.assign(new Error(`kill ${pid} is refused here`), { code: 'EPERM' });
    return kill(pid, signal);
  };
}

function testFiles() {
  return FOLDERS.filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      /\.tsx?$/.test(folder)
        ? [resolve(folder)]
        : readdirSync(folder, { recursive: true }).map((name) => resolve(folder, name)),
    )
    .filter((path) => /\.test\.tsx?$/.test(path) && !UNFIT.test(path) && !SLOW.test(path))
    .toSorted();
}

// What Stryker's `declareClassPlugin` makes.
export const strykerPlugins = [{ kind: 'TestRunner', name: 'at-once', injectableClass: TestRunner }];
