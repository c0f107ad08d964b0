// `npm run test:races -- [--rounds 200] [--clients 8] [--seed N]`: clients that all launch a daemon at once,
// with ten kinds of left-overs in turn. In each round one daemon serves, no client fails, and a process that
// listens on a dead daemon's port never sees the token. Every fifth round `die` and triggers meet as well: at
// most one daemon is left, and no command takes over 10 seconds.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Home, kill, overseerd } from './home.mjs';
import { randomFrom } from './random.mjs';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    clients: { type: 'string', default: '8' },
    seed: { type: 'string' },
  },
});
const rounds = Number(values.rounds);
const clients = Number(values.clients);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e6));
console.log(`races: ${rounds} rounds of ${clients} clients, seed ${seed}`);

/** The time limit of each command. */
const LIMIT_MS = 10_000;
/** In one of this many rounds, `die` runs against triggers. */
const DIES_EACH = 5;

const random = randomFrom(seed);

/** A user of their own for one round. */
class Round extends Home {
  constructor() {
    super('race');
    this.writeJobs('[[jobs]]\nname = "job"\nstart_seconds = 0\njob_command = "sleep 100000"\n');
  }

  overseer(...args) {
    return this.run(args, { limitMs: 2 * LIMIT_MS });
  }

  leave(text) {
    writeFileSync(this.socket, text, { mode: 0o600 });
  }

  /** The processes of a program. */
  pidsOf(program) {
    return this.processes().flatMap(({ pid, commandLine }) => (commandLine.includes(program) ? [pid] : []));
  }

  /** Works whatever became of the daemon. */
  async end() {
    for (let left = this.processes(); left.length > 0; left = this.processes()) {
      for (const { pid } of left) kill(pid);
      await pause(10);
    }
    this.remove();
  }
}

const socketFile = (port) => ({
  version: 1,
  host: '127.0.0.1',
  port,
  pid: 99_999,
  token: `${randomBytes(32).toString('hex')}.${randomBytes(16).toString('hex')}`,
});

/**
 * Another process on the port of the socket file. Resolves with a function that ends it and says whether it
 * saw the token.
 */
async function impostor(home, behave) {
  const received = [];
  const sockets = new Set();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('data', (chunk) => received.push(chunk)).on('error', () => undefined);
    behave(socket);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const file = socketFile(server.address().port);
  home.leave(JSON.stringify(file));
  return () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    const bytes = Buffer.concat(received);
    const [secret] = file.token.split('.');
    return bytes.includes(secret) || bytes.includes(Buffer.from(secret, 'hex'));
  };
}

/** A port that refuses: it was free a moment ago. */
async function refusedPort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const nobody = () => false;

/** Possible left-overs of the last daemon. Each returns what to do at the end of the round. */
const LEFT_OVERS = {
  none: () => nobody,
  'refused port': async (home) => {
    home.leave(JSON.stringify(socketFile(await refusedPort())));
    return nobody;
  },
  garbage: (home) => impostor(home, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')),
  silent: (home) => impostor(home, () => undefined),
  echo: (home) => impostor(home, (socket) => socket.pipe(socket)),
  closing: (home) => impostor(home, (socket) => socket.end()),
  'huge length': (home) => impostor(home, (socket) => socket.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 1]))),
  'half JSON': (home) => {
    home.leave(JSON.stringify(socketFile(1)).slice(0, 40));
    return nobody;
  },
  'empty file': (home) => {
    home.leave('');
    return nobody;
  },
  'owner killed while it starts': (home) => {
    const owner = spawn(process.execPath, [overseerd], { env: home.env, stdio: 'ignore' });
    void pause(random() * 200).then(() => owner.kill('SIGKILL'));
    return nobody;
  },
};

const problems = [];
const times = [];
let launches = 0;
let ends = 0;

function complain(round, kind, text) {
  problems.push(`round ${round} (${kind}): ${text}`);
  console.log(problems.at(-1));
}

async function race(round, kind) {
  const home = new Round();
  const end = await LEFT_OVERS[kind](home);
  try {
    const ran = await Promise.all(Array.from({ length: clients }, () => home.overseer()));
    for (const { code, stdout, stderr, ms } of ran) {
      times.push(ms);
      if (code !== 0) complain(round, kind, `a client ended with ${code}: ${stdout}${stderr}`);
      if (ms > LIMIT_MS) complain(round, kind, `a client took ${ms.toFixed(0)} ms`);
    }
    // A daemon that came too late for the lock may still be exiting.
    for (
      const limit = performance.now() + LIMIT_MS;
      home.pidsOf(overseerd).length !== 1 && performance.now() < limit;
    )
      await pause(20);
    const daemons = home.pidsOf(overseerd);
    const jobs = home.pidsOf('sleep');
    const serving = existsSync(home.socket) ? JSON.parse(readFileSync(home.socket, 'utf8')).pid : null;
    if (daemons.length !== 1 || daemons[0] !== serving)
      complain(round, kind, `daemons ${daemons.join()}, of which ${serving} serves`);
    if (jobs.length !== 1) complain(round, kind, `${jobs.length} copies of the job`);
    launches += readFileSync(join(home.data, 'overseerd.log'), 'utf8').match(/ InitHomes -> /g)?.length ?? 0;
    if (round % DIES_EACH === 0) await dieInBetween(round, home);
  } finally {
    if (end()) complain(round, kind, 'the token was seen by somebody else');
    await home.end();
  }
}

/** Triggers and `die` at once: at most one daemon is left, with its jobs. */
async function dieInBetween(round, home) {
  ends += 1;
  const commands = Array.from({ length: clients }, (_, index) => (index % 2 === 0 ? ['die'] : []));
  const ran = await Promise.all(
    commands.map((args) => pause(random() * 100).then(() => home.overseer(...args))),
  );
  const late = ran.filter(({ ms }) => ms > LIMIT_MS);
  if (late.length > 0)
    complain(
      round,
      'die',
      `${late.length} commands took up to ${Math.max(...late.map(({ ms }) => ms)).toFixed(0)} ms: ` +
        `${late[0].stdout}${late[0].stderr}`,
    );
  const odd = ran.filter(({ code }) => ![0, 1, 3].includes(code));
  if (odd.length > 0)
    complain(
      round,
      'die',
      `ended with ${odd.map(({ code, stdout, stderr }) => `${code}: ${stdout}${stderr}`).join(' ')}`,
    );
  const isOver = () =>
    existsSync(home.socket) ? home.pidsOf(overseerd).length === 1 : home.processes().length === 0;
  for (const limit = performance.now() + LIMIT_MS; !isOver() && performance.now() < limit;) await pause(20);
  const [daemons, jobs] = [home.pidsOf(overseerd), home.pidsOf('sleep')];
  if (!isOver() || jobs.length > daemons.length)
    complain(round, 'die', `${daemons.length} daemons and ${jobs.length} jobs are left`);
}

const kinds = Object.keys(LEFT_OVERS);
for (let round = 1; round <= rounds; round += 1) await race(round, kinds[(round - 1) % kinds.length]);
const sorted = times.toSorted((one, other) => one - other);
const at = (part) => (sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(0);
console.log(
  `${rounds} rounds, ${times.length} clients, ${launches} daemons launched, ${ends} rounds with ` +
    `\`die\`: ${problems.length} problems; ` +
    `a client took ${at(0.5)} ms (median), ${at(0.99)} ms (99 of 100), ` +
    `${(sorted.at(-1) ?? 0).toFixed(0)} ms (longest)`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
