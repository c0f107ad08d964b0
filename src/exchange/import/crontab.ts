import { envText, shellCommand } from '../commands.ts';
import { parseSchedule } from '../../config/values/schedule.ts';
import { RUNS_ONCE, type Import, type ImportSpot } from '../draft.ts';
import type { ImportSource } from './source.ts';

/** A crontab; one below /etc has a user before each command. */
export function importCrontab({ file, text, user, home: own }: ImportSource, into: Import): void {
  const isSystem = /^\/etc\/(crontab|cron\.d\/)/.test(file);
  let env: Readonly<Record<string, string>> = {};
  let shell = '/bin/sh';
  // The folder in which cron runs a command.
  let home = own;
  let comment: string | null = null;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const from: ImportSpot = { file, line: index + 1 };
    const line = raw.trim();
    const [, name, value = ''] = /^([A-Za-z_]\w*)\s*=\s*(.*)$/.exec(line) ?? [];
    if (line.startsWith('#') || line === '') comment = line === '' ? null : line.replace(/^#+\s*/, '');
    else if (name !== undefined) {
      const plain = value.replace(/^(["'])(.*)\1$/, '$2');
      if (name === 'SHELL') shell = plain;
      else if (name === 'MAILTO' || name === 'MAILFROM')
        into.remark(
          from,
          `${name} is left out: what a job prints is in its log, and \`overseer events -f\` tells ` +
            'of failures',
        );
      else if (name === 'CRON_TZ')
        into.remark(from, 'CRON_TZ is left out: schedules are in the time zone of the daemon, TZ');
      else {
        if (name === 'HOME') home = plain;
        env = { ...env, [name]: envText(plain) };
      }
    } else {
      importLine(line, { from, into, env, shell, comment, user: isSystem ? user : null, home });
      comment = null;
    }
  }
}

interface Context {
  readonly from: ImportSpot;
  readonly into: Import;
  readonly env: Readonly<Record<string, string>>;
  readonly shell: string;
  readonly comment: string | null;
  /** Who runs this, where each line names a user. */
  readonly user: string | null;
  readonly home: string;
}

function importLine(line: string, { from, into, env, shell, comment, user, home }: Context): void {
  const [, when = '', rest = ''] = /^(@\w+|(?:\S+\s+){4}\S+)\s+(.+)$/.exec(line) ?? [];
  const [, named = '', ofUser = ''] = user === null ? [] : (/^(\S+)\s+(.+)$/.exec(rest) ?? []);
  const command = user === null ? rest : ofUser;
  if (command === '') return into.remark(from, `this is no line of a crontab, so it is left out: ${line}`);
  if (user !== null && named !== user)
    into.remark(from, `overseer runs every job as you, not as ${named}: run an overseer as that user`);
  const schedule = when.replace(/\s+/g, ' ');
  const isAtBoot = schedule === '@reboot';
  if (!isAtBoot && !parseSchedule(schedule).ok)
    return into.remark(from, `${schedule} is no schedule here, so this is left out: ${command}`);
  if (user === null && /^root\s/.test(command))
    into.remark(
      from,
      'root is taken for the program: where it is the user, as in /etc/crontab, leave it out',
    );
  const [text, input] = splitAtPercent(command);
  if (input)
    into.remark(
      from,
      'what follows an unescaped % is left out: cron gives it as standard input, which is empty here',
    );
  const draft = into.draft(nameOf(text), from);
  draft.set('job_command', shellCommand(text, [shell === '/bin/sh' ? 'sh' : shell, '-c'])).set('cwd', home);
  if (isAtBoot) draft.set('restart', 'never');
  else draft.set('schedule', schedule);
  if (isAtBoot) into.remark(from, RUNS_ONCE);
  if (comment !== null && comment !== '' && !/^[\s*@\d]/.test(comment))
    draft.set('description', comment.slice(0, 1000));
  if (Object.keys(env).length > 0) draft.set('env', { ...env });
}

function splitAtPercent(command: string): readonly [string, boolean] {
  const at = command.search(/(?<!\\)%/);
  return [(at < 0 ? command : command.slice(0, at)).replaceAll('\\%', '%').trim(), at >= 0];
}

/** The last part of the program's path, past `cd … &&`, assignments and `exec`. */
function nameOf(command: string): string {
  const last = command
    .replace(/^\s*cd\s+\S+\s*(&&|;)\s*/, '')
    .replace(/^(\w+=\S*\s+)+/, '')
    .replace(/^((exec|nohup|time)\s+)+/, '');
  return (
    /^[^\s;|&<>]+/
      .exec(last)?.[0]
      ?.replace(/^.*\//, '')
      .replace(/\.\w+$/, '') || 'job'
  );
}
