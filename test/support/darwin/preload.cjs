'use strict';
// A Linux that looks like macOS to the programs that load this first: the platform, its tools and their
// prices, O_EXLOCK, EPERM for a group of zombies, no /proc, device numbers and boots as they are told.
// FSEvents, launchd and dyld stay Linux's.
const cp = require('node:child_process');
const { EventEmitter } = require('node:events');
const fs = require('node:fs');
const tools = require('./tools.cjs');

/**
 * OVERSEER_DARWIN is JSON, all of it optional: `prices` in ms by kind of question (one, group, all,
 * environments, lsof, scutil, sysctl), `calls` a file that gets a line for each, `waits` a file that gets a
 * line for each turn of the event loop that waited for tools: the pid, and their prices together. `showsAll`
 * environments even of Apple's programs, `boot` another boot, `devices` added to every device number,
 * `isOffline` no DNS, `refuses` the code of EPERM for these folders.
 */
const knobs = JSON.parse(process.env.OVERSEER_DARWIN ?? '{}');

const O_EXLOCK = 0x20;
const TICKS_PER_SECOND = 100;
const TOOLS = new Set(['/bin/ps', '/usr/sbin/sysctl', '/usr/sbin/lsof', '/usr/sbin/scutil']);

Object.defineProperty(process, 'platform', { value: 'darwin' });

const real = {
  spawnSync: cp.spawnSync,
  execFile: cp.execFile,
  kill: process.kill.bind(process),
  openSync: fs.openSync,
  readFileSync: fs.readFileSync,
  readdirSync: fs.readdirSync,
  readlinkSync: fs.readlinkSync,
};

// The processes of this machine, as the kernel of macOS would tell of them.

const PAGE_KIB = 4;
const bootedAtMs = Number(/^btime (\d+)$/m.exec(real.readFileSync('/proc/stat', 'utf8'))[1]) * 1_000;

/** While the kernel is asked: Node's functions call each other by the names that are replaced below. */
let isKernel = false;

/** Null when it has gone meanwhile. */
function orGone(read) {
  isKernel = true;
  try {
    return read();
  } catch {
    return null;
  } finally {
    isKernel = false;
  }
}

function processOf(pid) {
  const text = orGone(() => real.readFileSync(`/proc/${pid}/stat`, 'latin1'));
  if (text === null) return [];
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const state = { D: 'U', t: 'T', X: 'Z', x: 'Z' }[fields[0]] ?? fields[0];
  const startMs = bootedAtMs + Math.floor(Number(fields[19]) / TICKS_PER_SECOND) * 1_000;
  const words = (name) => orGone(() => real.readFileSync(`/proc/${pid}/${name}`)) ?? Buffer.alloc(0);
  return [
    {
      pid: Number(pid),
      ppid: Number(fields[1]),
      pgid: Number(fields[2]),
      sid: Number(fields[3]),
      state,
      startMs,
      cpuMs: (Number(fields[11]) + Number(fields[12])) * (1_000 / TICKS_PER_SECOND),
      residentKib: Number(fields[21]) * PAGE_KIB,
      get args() {
        return words('cmdline');
      },
      get environment() {
        return isHidden(pid) ? Buffer.alloc(0) : words('environ');
      },
    },
  ];
}

/** Apple's own programs, whose environment nobody is shown. */
function isHidden(pid) {
  if (knobs.showsAll) return false;
  return /^\/(usr\/)?s?bin\//.test(orGone(() => real.readlinkSync(`/proc/${pid}/exe`)) ?? '/bin/gone');
}

const numbersIn = (folder) =>
  (orGone(() => real.readdirSync(folder)) ?? []).filter((name) => /^\d+$/.test(name));
const processes = () => numbersIn('/proc').flatMap(processOf);

function holders(files) {
  return numbersIn('/proc').flatMap((pid) => {
    // Kernel threads have none.
    if (orGone(() => real.readlinkSync(`/proc/${pid}/exe`)) === null) return [];
    const descriptors = numbersIn(`/proc/${pid}/fd`).flatMap((fd) => {
      const name = orGone(() => real.readlinkSync(`/proc/${pid}/fd/${fd}`));
      if (!files.includes(name)) return [];
      const flags = orGone(() => real.readFileSync(`/proc/${pid}/fdinfo/${fd}`, 'utf8')) ?? '';
      const mode = Number.parseInt(/^flags:\s*([0-7]+)$/m.exec(flags)?.[1] ?? '0', 8) & 3;
      return [{ fd, access: ['r', 'w', 'u'][mode], name }];
    });
    return descriptors.length > 0 ? [{ pid, descriptors }] : [];
  });
}

const bootId = () =>
  knobs.boot ??
  orGone(() => real.readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'))
    .trim()
    .toUpperCase();

function answer(kind, words) {
  if (knobs.calls !== undefined)
    fs.appendFileSync(
      knobs.calls,
      `${process.pid} ${Math.round(performance.now())} ${kind} ${words.join(' ')}\n`,
    );
  if (kind === 'sysctl') return tools.sysctl(bootId());
  if (kind === 'lsof') return tools.lsof(words, holders);
  if (kind === 'scutil') return tools.scutil(!knobs.isOffline);
  return tools.ps(words, processes);
}

// What the program calls.

const sleep = (ms) => ms > 0 && Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

let waitedMs = 0;
/** All timers of a program wait for what it waits for within one turn. */
function waitFor(ms) {
  sleep(ms);
  if (knobs.waits === undefined) return;
  if (waitedMs === 0)
    setImmediate(() => {
      fs.appendFileSync(knobs.waits, `${process.pid} ${waitedMs}\n`);
      waitedMs = 0;
    });
  waitedMs += ms;
}

cp.spawnSync = function (file, args, options) {
  // env(1) of macOS has no such option.
  if (file === '/usr/bin/env' && args.some((word) => word.startsWith('--default-signal')))
    return { pid: 0, status: 1, signal: null, stdout: '', stderr: 'env: illegal option', output: [] };
  if (!TOOLS.has(file)) return real.spawnSync(file, args, options);
  const kind = tools.kindOf(file, args);
  waitFor(knobs.prices?.[kind] ?? 0);
  const { code, stdout, complaint } = answer(kind, args);
  return { pid: 0, status: code, signal: null, stdout, stderr: complaint, output: [null, stdout, complaint] };
};

cp.execFile = function (file, args, options, done) {
  if (!TOOLS.has(file)) return real.execFile(file, args, options, done);
  const kind = tools.kindOf(file, args);
  setTimeout(() => {
    const { code, stdout, complaint } = answer(kind, args);
    done(
      code === 0 ? null : Object.assign(new Error(`Command failed: ${file}`), { code }),
      stdout,
      complaint,
    );
  }, knobs.prices?.[kind] ?? 0);
  return Object.assign(new EventEmitter(), { pid: 0, unref: () => undefined });
};

process.kill = function (pid, signal) {
  // Mostly there is no such group, or its leader lives: then nobody else need be looked at.
  if (pid < -1 && real.kill(pid, 0) && isZombie(processOf(-pid)[0])) {
    const members = processes().filter(({ pgid }) => pgid === -pid);
    if (members.every(isZombie))
      throw Object.assign(new Error('kill EPERM'), { code: 'EPERM', syscall: 'kill', errno: -1 });
  }
  return real.kill(pid, signal);
};

const isZombie = (each) => each === undefined || each.state === 'Z';

fs.openSync = function (path, flags, mode) {
  refuseProc(path);
  if (typeof flags !== 'number' || (flags & O_EXLOCK) === 0) return real.openSync(path, flags, mode);
  const fd = real.openSync(path, flags & ~O_EXLOCK, mode);
  const stdio = ['ignore', 'ignore', 'ignore', fd];
  if (real.spawnSync('flock', ['-n', '-x', '3'], { stdio }).status === 0) return fd;
  fs.closeSync(fd);
  const message = `EAGAIN: resource temporarily unavailable, open '${path}'`;
  throw Object.assign(new Error(message), { code: 'EAGAIN', syscall: 'open', errno: -35 });
};

/** There is no /proc. */
function refuseProc(path) {
  if (isKernel || typeof path !== 'string' || !/^\/proc(\/|$)/.test(path)) return;
  const message = `ENOENT: no such file or directory, open '${path}'`;
  throw Object.assign(new Error(message), { code: 'ENOENT', syscall: 'open', errno: -2, path });
}

for (const name of ['readFileSync', 'readdirSync', 'readlinkSync'])
  fs[name] = function (path, ...rest) {
    refuseProc(path);
    return real[name](path, ...rest);
  };

// Protected by the user's privacy settings.
const { opendirSync } = fs;
fs.opendirSync = function (path, ...rest) {
  if (!knobs.refuses?.includes(path)) return opendirSync.call(fs, path, ...rest);
  const message = `EPERM: operation not permitted, opendir '${path}'`;
  throw Object.assign(new Error(message), { code: 'EPERM', syscall: 'opendir', errno: -1 });
};

for (const name of ['statSync', 'lstatSync', 'fstatSync']) {
  const stat = fs[name];
  fs[name] = function (...words) {
    const stats = stat.apply(fs, words);
    if (stats !== undefined && typeof stats.dev === 'number') stats.dev += knobs.devices ?? 0;
    return stats;
  };
}
