import type { Command } from '../cli.ts';
import { apply } from './steer/apply.ts';
import { attach } from './steer/attach.ts';
import { autostart } from './set-up/autostart.ts';
import { restart, start, stop } from './steer/by-hand.ts';
import { clean } from './set-up/clean.ts';
import { check } from './set-up/check.ts';
import { completion } from './set-up/completion.ts';
import { die } from './steer/die.ts';
import { edit } from './set-up/edit.ts';
import { events } from './look/events.ts';
import { graph } from './look/graph.ts';
import { exportCommand } from './set-up/export.ts';
import { importCommand } from './set-up/import.ts';
import { init } from './set-up/init.ts';
import { jobsQuery } from './set-up/jobs-query.ts';
import { inspect } from './look/inspect.ts';
import { logs } from './look/logs.ts';
import { machines } from './look/machines.ts';
import { mcp } from './look/mcp.ts';
import { metrics } from './look/metrics.ts';
import { plan } from './steer/plan.ts';
import { reload } from './steer/reload.ts';
import { run } from './steer/run.ts';
import { send } from './steer/send.ts';
import { show } from './look/show.ts';
import { signal } from './steer/signal.ts';
import { status } from './look/status.ts';
import { top } from './look/top.ts';
import { wait } from './steer/wait.ts';
import { web } from './look/web.ts';
import { why } from './look/why.ts';

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
