/** A folder of the program: what it is for, and what its files may import. */
export interface Room {
  readonly about: string;
  /**
   * Folders of the repository, Node's modules and packages. Files of the same folder may always be imported.
   */
  readonly mayImport: readonly string[];
  /** How many files it may hold, where that is more than `MOST_FILES`, and why. */
  readonly most?: { readonly files: number; readonly because: string };
}

/** A folder holds one theme; with more files than this it holds two. */
export const MOST_FILES = 16;

/**
 * Every folder of the program. test/unit/docs/rooms.test.ts checks each import against this table, and `npm
 * run docs` writes it into docs/internals/architecture.md.
 */
export const ROOMS: Readonly<Record<string, Room>> = {
  machines: {
    about: 'the charts, one per file, and the numbered rules that their transitions carry',
    mayImport: ['xstate'],
  },
  src: {
    about: 'what every process of overseer knows: its version, and where its folders are',
    mayImport: ['src/text', 'node:crypto', 'node:fs', 'node:os', 'node:path'],
  },
  'src/text': {
    about: 'pure functions on text: widths, spelling suggestions, times, error numbers in words',
    mayImport: [],
  },
  'src/files': {
    about: 'opens files safely: follows no link, and never blocks on a FIFO',
    mayImport: ['node:fs'],
  },
  'src/plan': {
    about:
      'pure and shared with the client: what a trigger does to a job and why, which changed keys restart it, the word for its state',
    mayImport: ['machines', 'src/config', 'src/config/schema', 'src/text', 'node:crypto'],
  },
  'src/config': {
    about: 'reads a whole config: the type `Job`, the steps from files to jobs',
    mayImport: ['src/config/*', 'node:path'],
  },
  'src/config/toml': {
    about: 'from files to tables: finding, decoding and parsing, and the place of every value',
    mayImport: ['src/config', 'src/config/schema', 'src/text', 'toml', 'node:fs', 'node:path'],
  },
  'src/config/schema': {
    about: 'the list of keys, and the JSON schema that is generated from it',
    mayImport: ['src/config', 'src/config/values'],
  },
  'src/config/values': {
    about: 'from a value in TOML to one that the program uses: commands, durations, signals, schedules',
    mayImport: [
      'src/config',
      'src/config/checks',
      'src/config/schema',
      'src/config/toml',
      'src/text',
      'croner',
      'node:os',
      'node:path',
    ],
  },
  'src/config/checks': {
    about: 'what is wrong with a table: schema, unknown keys, names, circles of `after`',
    mayImport: ['src/config', 'src/config/schema', 'src/config/toml', 'src/config/values', 'src/text', 'ajv'],
  },
  'src/host': {
    about: 'runs a chart: mailbox, steps, timers, and the net for exceptions; knows nothing of jobs',
    mayImport: ['xstate', 'node:async_hooks', 'node:fs', 'node:os'],
  },
  'src/os': {
    about: 'everything in which Linux and macOS differ, and the one place that sends signals',
    mayImport: ['src/os/*', 'src/text', 'node:child_process', 'node:fs', 'node:timers/promises'],
  },
  'src/os/linux': {
    about: 'Linux, by /proc',
    mayImport: ['src/os', 'src/os/lock', 'node:fs'],
  },
  'src/os/darwin': {
    about: 'macOS, by what its tools print',
    mayImport: ['src/os', 'src/os/lock', 'node:fs'],
  },
  'src/os/usage': {
    about: 'the memory and the processor time of every process',
    mayImport: ['src/text', 'node:child_process', 'node:fs'],
  },
  'src/os/lock': {
    about: "the kernel's lock on a file, which dies with its holder",
    mayImport: ['src/os', 'node:fs'],
  },
  'src/state': {
    about: 'the journal, by which snapshots are persisted, and the histories of the jobs',
    mayImport: ['src', 'src/files', 'src/os', 'node:fs', 'node:path', 'node:util', 'node:zlib'],
  },
  'src/wire': {
    about: 'frames, handshake, requests and replies between client and daemon',
    mayImport: ['src/config', 'src/plan', 'node:crypto', 'node:fs', 'node:net'],
  },
  'src/job': {
    about: "the job chart's effects, and the ports through which jobs reach the world",
    mayImport: [
      'src',
      'machines',
      'src/config',
      'src/config/values',
      'src/host',
      'src/job/checks',
      'node:path',
    ],
  },
  'src/job/launch': {
    about: 'starts a child behind its gate',
    mayImport: [
      'src/files',
      'src/host',
      'src/job',
      'src/job/logs',
      'src/os',

      'node:child_process',
      'node:fs',
      'node:os',
      'node:path',
      'node:stream',
      'cross-spawn',
    ],
  },
  'src/job/processes': {
    about: 'the processes of a job while they run: polling, signalling, those that escaped their group',
    mayImport: [
      'src/host',
      'src/job',
      'src/job/checks',
      'src/job/launch',
      'src/job/logs',
      'src/os',
      'src/os/usage',
      'src/text',
    ],
  },
  'src/job/checks': {
    about: 'runs `test_command` and the `ready` probes',
    mayImport: [
      'src',
      'src/files',
      'machines',
      'src/config',
      'src/host',
      'src/job',
      'src/job/launch',
      'src/os',

      'node:child_process',
      'node:fs',
      'node:http',
      'node:https',
      'node:net',
      'node:string_decoder',
      'node:vm',
      'cross-spawn',
    ],
  },
  'src/job/logs': {
    about: 'rotates the log of a job, and keeps the index of when its lines were written',
    mayImport: [
      'src/files',
      'node:child_process',
      'node:path',
      'node:util',
      'src',
      'src/config',
      'src/host',
      'src/job',
      'src/os',
      'src/text',
      'node:fs',
      'node:fs/promises',
    ],
  },
  'src/job/watch': {
    about: 'watches the files of `watch`',
    mayImport: ['src', 'src/host', 'src/job', 'node:fs', 'node:fs/promises', 'node:path'],
  },
  'src/fleet': {
    about: 'all job instances: their charts, who waits for whom, who is stopped after whom',
    mayImport: [
      'machines',
      'src/config',
      'src/fleet/*',
      'src/host',
      'src/job',
      'src/os',
      'src/plan',
      'src/text',
      'src/wire',
      'node:crypto',
      'node:util',
    ],
  },
  'src/fleet/turns': {
    about: 'whose turn it is: jobs that stop after those that come after them, copies that are replaced',
    mayImport: [
      'machines',
      'src/config',
      'src/fleet',
      'src/fleet/persisted',
      'src/plan',
      'src/text',
      'node:util',
    ],
  },
  'src/fleet/hooks': {
    about: 'the hooks of every job: their charts, and what of them outlives the daemon',
    mayImport: [
      'machines',
      'src/config',
      'src/fleet',
      'src/fleet/persisted',
      'src/host',
      'src/job',
      'src/plan',
      'node:util',
    ],
  },
  'src/fleet/persisted': {
    about: 'the part of the jobs that is persisted: their config and their snapshots',
    mayImport: [
      'machines',
      'src/config',
      'src/host',
      'src/job',
      'src/os',
      'src/plan',
      'src/state',
      'xstate',
      'node:util',
    ],
  },
  'src/daemon': {
    about: "the daemon's process: the effects of its chart, start-up, real ports",
    mayImport: [
      'src/files',
      'machines',
      'src',
      'src/config',
      'src/daemon/*',
      'src/fleet',
      'src/fleet/persisted',
      'src/host',
      'src/job',
      'src/job/*',
      'src/os',
      'src/state',
      'src/text',
      'src/wire',
      'xstate',
      'node:crypto',
      'node:fs',
      'node:inspector',
      'node:util',
      'node:v8',
      'node:vm',
      'node:worker_threads',
    ],
  },
  'src/daemon/serving': {
    about: 'the parts that perform the effects of the daemon chart: request queue, socket, services',
    mayImport: [
      'machines',
      'src',
      'src/daemon',
      'src/daemon/feeds',
      'src/daemon/requests',
      'src/daemon/requests/steer',
      'src/files',
      'src/fleet',
      'src/fleet/persisted',
      'src/host',
      'src/job',
      'src/job/logs',
      'src/wire',
      'node:fs',
      'node:path',
    ],
  },
  'src/daemon/started-by': {
    about: 'how a daemon reports its start: to a client that waits, or to a service manager at login',
    mayImport: ['src', 'src/files', 'src/os', 'src/wire', 'node:net', 'node:timers/promises'],
  },
  'src/daemon/requests': {
    about: 'hands each request of a client to its function; the refusals that requests share',
    mayImport: [
      'src',
      'src/config',
      'src/daemon/feeds',
      'src/daemon/requests/look',
      'src/daemon/requests/steer',
      'src/fleet',
      'src/fleet/persisted',
      'src/job',
      'src/plan',
      'src/text',
      'src/wire',
    ],
  },
  'src/daemon/requests/look': {
    about: 'requests that show what runs: one file each, named like its command',
    mayImport: ['src/daemon/feeds', 'src/daemon/requests', 'src/fleet', 'src/plan', 'src/text', 'src/wire'],
  },
  'src/daemon/requests/steer': {
    about: 'requests that change what runs, or wait for it: one file each, named like its command',
    mayImport: [
      'machines',
      'src/config',
      'src/daemon/requests',
      'src/fleet',
      'src/fleet/persisted',
      'src/host',
      'src/job',
      'src/job/checks',
      'src/plan',
      'src/text',
      'src/wire',
      'node:os',
    ],
  },
  'src/daemon/feeds': {
    about: 'streams to clients: events, inspections, and the history that `why` shows',
    mayImport: ['machines', 'src/fleet', 'src/host', 'src/plan', 'src/state', 'src/wire', 'xstate'],
  },
  'src/client': {
    about: "the client chart's effects: socket file, launch, request, response",
    mayImport: [
      'src/files',
      'machines',
      'src',
      'src/host',
      'src/text',
      'src/wire',
      'node:child_process',
      'node:fs',
      'src/os',
    ],
  },
  'src/chart': {
    about: 'turns charts into graphs, and graphs into text, JSON and Mermaid',
    mayImport: ['src/host', 'src/plan', 'xstate'],
  },
  'src/chart/picture': {
    about: 'turns graphs into DOT, and into SVG that ELK lays out',
    mayImport: ['src/chart', 'src/plan', 'elkjs'],
  },
  'src/library': {
    about: "the library behind `import { connect } from 'overseer'`: the client as calls, with its own types",
    mayImport: [
      'node:crypto',
      'src',
      'src/client',
      'src/cli/ask',
      'src/cli/logs',
      'src/cli/render',
      'src/cli/stdin',
      'src/cli/words',
      'src/plan',
      'src/wire',
      'node:url',
    ],
  },
  'src/cli': {
    about: 'the command line from argv to exit code; what is loaded only when a command needs it',
    mayImport: [
      'src/exchange',
      'machines',
      'src',
      'src/chart',
      'src/chart/picture',
      'src/cli/*',
      'src/client',
      'src/library',
      '@modelcontextprotocol/server',
      'src/config',
      'src/config/toml',
      'src/os',
      'src/plan',
      'src/text',
      'xstate',
      'node:fs',
      'node:path',
    ],
  },
  'src/cli/argv': {
    about: 'parses argv',
    mayImport: ['src', 'src/cli', 'src/cli/render', 'src/text', 'yargs', 'node:os'],
  },
  'src/cli/call': {
    about: 'one call of `overseer`: from its words to its exit code, whichever commands it may name',
    mayImport: [
      'src',
      'src/cli',
      'src/cli/argv',
      'src/cli/terminal',
      'src/client',
      'src/host',
      'src/text',
      'node:path',
      'node:tty',
    ],
  },
  'src/cli/plain': {
    about: 'calls without options, as prompts and scripts make them, in bundles that start fast',
    mayImport: [
      'src',
      'src/cli',
      'src/cli/argv',
      'src/cli/call',
      'src/cli/commands/steer',
      'src/cli/render',
      'src/cli/terminal',
      'src/client',
      'src/wire',
    ],
  },
  'src/cli/ask': {
    about: 'sends a request and hands its reply to a formatter',
    mayImport: [
      'src',
      'src/cli',
      'src/cli/argv',
      'src/cli/render',
      'src/client',
      'src/cli/autostart',
      'src/config',
      'src/host',
      'src/plan',
      'src/text',
      'src/cli/words',
      'src/wire',
      'node:path',
    ],
  },
  'src/cli/commands': {
    about: 'the list of all commands',
    mayImport: ['src/cli', 'src/cli/commands/look', 'src/cli/commands/set-up', 'src/cli/commands/steer'],
  },
  'src/cli/commands/steer': {
    about: 'commands that change what runs: one file each',
    mayImport: [
      'src',
      'src/cli',
      'src/cli/argv',
      'src/cli/ask',
      'src/cli/logs',
      'src/cli/render',
      'src/cli/run',
      'src/cli/stdin',
      'src/cli/words',
      'src/host',
      'src/plan',
      'src/text',
      'src/wire',
    ],
  },
  'src/cli/commands/look': {
    about: 'commands that show what runs: one file each',
    mayImport: [
      'src',
      'src/cli',
      'src/cli/argv',
      'src/cli/ask',
      'src/cli/graph',
      'src/cli/logs',
      'src/cli/metrics',
      'src/cli/render',
      'src/cli/serve',
      'src/cli/show',
      'src/cli/terminal',
      'src/cli/top',
      'src/cli/usage',
      'src/client',
      'src/config',
      'src/plan',
      'src/text',
      'src/wire',
    ],
  },
  'src/cli/commands/set-up': {
    about: 'commands for the config and for what surrounds the daemon: one file each',
    mayImport: [
      'node:path',
      'src',
      'src/cli',
      'src/cli/argv',
      'src/cli/ask',
      'src/cli/clean',
      'src/cli/commands/steer',
      'src/cli/completion',
      'src/cli/edit',
      'src/cli/logs',
      'src/cli/render',
      'src/cli/terminal',
      'src/config',
      'src/exchange',
      'src/plan',
      'src/text',
    ],
  },
  'src/cli/stdin': {
    about: 'writes to the standard input of jobs, and reads what is typed',
    mayImport: [
      'src/files',
      'src/cli/terminal',
      'src/wire',
      'node:fs',
      'node:readline',
      'node:timers/promises',
    ],
  },
  'src/cli/show': {
    about: 'the config of a job after defaults: its keys, its environment, its next runs',
    mayImport: [
      'src/cli/render',
      'src/cli/terminal',
      'src/config',
      'src/config/schema',
      'src/config/values',
      'src/plan',
      'src/text',
    ],
  },
  'src/cli/clean': {
    about: 'finds and deletes what removed jobs left in the data folder',
    mayImport: ['src', 'src/plan', 'node:fs', 'node:path'],
  },
  'src/cli/edit': {
    about: 'opens the editor, and asks afterwards whether to apply',
    mayImport: ['src/cli', 'src/cli/render', 'src/cli/terminal', 'node:child_process'],
  },
  'src/cli/graph': {
    about: 'which job starts after which, as a tree and as pictures',
    mayImport: ['src/chart', 'src/chart/picture', 'src/config', 'src/plan', 'src/wire', 'elkjs'],
  },
  'src/cli/mcp': {
    about: 'the tools and resources of the Model Context Protocol',
    mayImport: [
      '@modelcontextprotocol/server',
      'src',
      'src/cli',
      'src/cli/logs',
      'src/cli/render',
      'src/cli/terminal',
      'src/library',
      'src/plan',
      'src/text',
      'src/wire',
      'zod',
      'node:fs',
      'node:path',
    ],
  },
  'src/cli/serve': {
    about: 'pages on loopback, behind a secret',
    mayImport: ['src/cli', 'src/text', 'node:crypto', 'node:http', 'node:net'],
  },
  'src/cli/web': {
    about: 'the server side of the page of `overseer web`: its data, and its requests',
    mayImport: [
      'src/plan',
      'src/cli/metrics',
      'src/cli/render',
      'src/cli/serve',
      'src/cli/terminal',
      'src/cli/usage',
      'src/cli/words',
      'src/host',
      'src/library',
      'src/text',
      'src/wire',
      'node:http',
    ],
  },
  'src/cli/web/page': {
    about: 'the page of `overseer web`, in the browser',
    mayImport: ['preact', 'src/cli/inspect/viewer', 'src/cli/web', 'src/cli/words', 'src/plan', 'src/text'],
  },
  'src/cli/top': {
    about: 'the screen of `overseer top`: its state, its keys, its picture, and the terminal that shows it',
    mayImport: [
      'ink',
      'src',
      'src/cli/logs',
      'src/cli/render',
      'src/cli/terminal',
      'src/cli/web',
      'src/cli/words',
      'src/library',
      'src/plan',
      'src/text',
      'src/wire',
      'node:events',
      'node:fs',
      'node:tty',
    ],
  },
  'src/cli/usage': {
    about: 'measures memory and processor time of the process tree of each job',
    mayImport: ['src/cli/render', 'src/os/usage', 'src/wire', 'node:timers/promises'],
  },
  'src/cli/metrics': {
    about: 'the state of every job in the text format of Prometheus',
    mayImport: ['src/files', 'src', 'src/cli/usage', 'src/plan', 'src/wire', 'node:os'],
  },
  'src/exchange': {
    about: 'shared by import and export: drafts of jobs, remarks, TOML; reads and writes the files',
    mayImport: [
      'src/config',
      'src/config/schema',
      'src/config/toml',
      'src/config/values',
      'src/exchange/export',
      'src/exchange/import',
      'src/files',
      'toml',
      'src/text',
      'node:child_process',
      'node:fs',
      'node:os',
      'node:path',
      'node:url',
    ],
  },
  'src/exchange/syntax': {
    about: 'how other tools write things: times, calendars, sections, quoted words, variables',
    mayImport: ['src/config/values'],
  },
  'src/exchange/export': {
    about: 'one file for each export format: what becomes of each key, and the files that it writes',
    mayImport: ['src/config/values', 'src/exchange', 'node:path', 'plist', 'yaml'],
  },
  'src/exchange/import': {
    about: 'one file for each import format: its keys, and what becomes of them',
    mayImport: ['src/config/values', 'src/exchange', 'src/exchange/syntax', 'node:path', 'plist', 'yaml'],
  },
  'src/cli/autostart/managers': {
    about: 'launchd and systemd: the format of an entry, and the commands that load it',
    mayImport: ['src/cli/autostart', 'node:fs', 'node:path', 'node:timers/promises'],
  },
  'src/cli/autostart': {
    about: 'the entry by which launchd or systemd starts the daemon at login',
    mayImport: [
      'src/cli/autostart/managers',
      'src',
      'src/text',
      'node:child_process',
      'node:crypto',
      'node:fs',
      'node:os',
      'node:path',
      'node:timers/promises',
    ],
  },
  'src/cli/words': {
    about: 'turns the facts that the daemon sends into sentences: the only place for sentences about a job',
    mayImport: ['src/config', 'src/plan', 'src/text', 'src/wire'],
  },
  'src/cli/render': {
    about: 'prints facts: status, why, reports, events, help',
    mayImport: [
      'src/cli',
      'src/cli/argv',
      'src/cli/terminal',
      'src/cli/usage',
      'src/config',
      'src/config/toml',
      'src/plan',
      'src/text',
      'src/cli/words',
      'src/wire',
    ],
  },
  'src/cli/terminal': {
    about: 'columns, colours, wrapping, and output whose reader may exit',
    mayImport: ['node:fs', 'src/text', 'node:readline/promises', 'node:tty'],
  },
  'src/cli/logs': {
    about: 'finds, follows and prints the logs of jobs',
    mayImport: [
      'src/files',
      'src',
      'src/cli/ask',
      'src/cli/terminal',
      'src/config/values',
      'src/host',
      'src/plan',
      'src/text',
      'node:fs',
    ],
  },
  'src/cli/run': {
    about: '`overseer run`: jobs in the foreground',
    mayImport: [
      'src',
      'src/cli',
      'src/cli/ask',
      'src/cli/logs',
      'src/cli/render',
      'src/cli/terminal',
      'src/client',
      'src/config',
      'src/plan',
      'src/text',
      'src/wire',
      'node:fs',
      'node:path',
    ],
  },
  'src/cli/completion': {
    about: 'completion scripts for bash, zsh and fish',
    mayImport: ['src/cli', 'src/cli/argv'],
  },
  'src/cli/inspect': {
    about: 'serves the pages of `overseer inspect`',
    mayImport: [
      'src/cli/serve',
      'src/cli/words',
      'machines',
      'src/plan',
      'src/wire',
      '@statelyai/inspect',
      'node:http',
    ],
  },
  'src/cli/inspect/viewer': {
    about: 'runs in the browser: shows the charts at work, without loading anything from the network',
    mayImport: ['machines', 'src/cli/inspect', 'src/plan', 'src/text'],
  },
  'src/cli/inspect/bridge': {
    about: "runs in the browser: sends the events to Stately's inspector",
    mayImport: ['src/cli/inspect'],
  },
  bin: {
    about: 'loads a bundle of `dist/`; the only place that ends the process',
    mayImport: ['node:crypto', 'node:fs', 'node:module', 'node:path', 'node:v8', 'node:vm'],
  },
};

/** What is wrong with the imports of one file, in sentences that say how to mend it. */
export function undeclaredImports(
  path: string,
  imports: readonly string[],
  rooms: Readonly<Record<string, Room>> = ROOMS,
): readonly string[] {
  const own = folderOf(path);
  const room = rooms[own];
  if (room === undefined) return [`${path}: ${own} is no room yet; describe it in test/support/rooms.ts`];
  return [...new Set(imports.map(importedFrom))]
    .filter((from) => from !== own && !room.mayImport.some((allowed) => covers(allowed, from)))
    .map((from) => `${path}: ${own} may not import ${from} (test/support/rooms.ts)`);
}

/** The folder of a file of the repository; the name of a package or of a module of Node's. */
export function importedFrom(name: string): string {
  if (/^(src|machines|test|bin)\//.test(name)) return folderOf(name);
  if (name.startsWith('node:')) return name;
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

/** `src/job/*` stands for each folder inside src/job. */
export function covers(allowed: string, from: string): boolean {
  return allowed.endsWith('/*') ? from.startsWith(allowed.slice(0, -1)) : from === allowed;
}

export const folderOf = (path: string): string => path.slice(0, path.lastIndexOf('/'));
