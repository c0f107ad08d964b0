import type { Command } from '../cli.ts';
import { apply } from './apply.ts';
import { attach } from './attach.ts';
import { autostart } from './autostart.ts';
import { restart, start, stop } from './by-hand.ts';
import { clean } from './clean.ts';
import { check } from './check.ts';
import { completion } from './completion.ts';
import { die } from './die.ts';
import { edit } from './edit.ts';
import { events } from './events.ts';
import { graph } from './graph.ts';
import { exportCommand } from './export.ts';
import { importCommand } from './import.ts';
import { init } from './init.ts';
import { jobsQuery } from './jobs-query.ts';
import { inspect } from './inspect.ts';
import { logs } from './logs.ts';
import { machines } from './machines.ts';
import { mcp } from './mcp.ts';
import { metrics } from './metrics.ts';
import { plan } from './plan.ts';
import { reload } from './reload.ts';
import { run } from './run.ts';
import { send } from './send.ts';
import { show } from './show.ts';
import { signal } from './signal.ts';
import { status } from './status.ts';
import { top } from './top.ts';
import { wait } from './wait.ts';
import { web } from './web.ts';
import { why } from './why.ts';

/** Every command in the order of the help. The first is the default. */
export const COMMANDS: readonly Command[] = [
  apply,
  plan,
  status,
  why,
  show,
  logs,
  events,
  start,
  stop,
  restart,
  signal,
  send,
  attach,
  wait,
  run,
  check,
  init,
  importCommand,
  exportCommand,
  edit,
  graph,
  metrics,
  top,
  web,
  mcp,
  machines,
  inspect,
  autostart,
  clean,
  die,
  completion,
  reload,
  jobsQuery,
];
