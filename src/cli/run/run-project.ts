import type { Problem } from '../../config/config.ts';
import { isMissing, PROJECT_FILE } from '../../homes.ts';
import { instancesOf, type Instance } from '../../plan/instances.ts';
import { isMeant, wordsFor, type Named } from '../../plan/names.ts';
import type { Project } from '../../project.ts';
import { candidatesOf, didYouMean } from '../../text/did-you-mean.ts';
import type { Cli } from '../cli.ts';
import { EXIT, type ExitCode } from '../exit-codes.ts';
import { printableJson } from '../../text/printable.ts';
import { renderProblems } from '../render/problems.ts';
import { attach } from './attached.ts';
import { Foreground } from './foreground.ts';
import { projectAndJobs } from './project-and-jobs.ts';

/** Runs jobs of a project in this terminal: those that are named with those that they come after, or all. */
export async function runProject(cli: Cli): Promise<ExitCode> {
  const { checkConfig } = await import('../offline.ts');
  const writtenIn = ({ homes }: Project): readonly Instance[] => {
    const reading = checkConfig(homes, []);
    return reading.ok ? instancesOf(reading.config) : [];
  };
  const wanted = projectAndJobs(cli, (project, word) =>
    writtenIn(project).some((each) => isMeant(namedOf(each), word)),
  );
  if (!wanted.ok) return cli.wrongUsage(wanted.wrong);
  const { project, jobs } = wanted;
  const { homes } = project;
  if (!project.isThere)
    return cli.fail({ code: 'no-config', message: missingWords(project), exit: EXIT.config });
  const reading = checkConfig(homes, []);
  if (!reading.ok) return refuseConfig(cli, reading.problems);
  const instances = instancesOf(reading.config);
  if (instances.length === 0)
    return cli.fail({ code: 'no-config', message: `there is no job in ${homes.config}`, exit: EXIT.config });
  const unknown = jobs.filter((word) => !instances.some((each) => isMeant(namedOf(each), word)));
  if (unknown.length > 0) return refuseJobs(cli, unknown, instances);
  const trouble = cli.ports.prepareData(homes, true);
  if (trouble !== null) return cli.fail({ code: 'homes', message: trouble, exit: EXIT.failed });
  const attaching = await attach(cli.ports, homes);
  const names = instances.map(({ name }) => name);
  if (attaching.ok) return new Foreground(cli, { homes, daemon: attaching.daemon, names, jobs }).run();
  const message = attaching.isBusy
    ? `the project in ${project.folder} has a daemon already, of another \`overseer run\` or of ` +
      `\`overseer --project\`; \`overseer --project=${project.folder} status\` shows its jobs, and ` +
      `\`… die\` ends it`
    : attaching.detail;
  return cli.fail({ code: attaching.isBusy ? 'busy' : 'launch', message, exit: EXIT.failed });
}

const namedOf = ({ name, job }: Instance): Named => ({ name, job: job.name, tags: job.tags });

function refuseJobs(cli: Cli, unknown: readonly string[], instances: readonly Instance[]): Promise<ExitCode> {
  const [first = ''] = unknown;
  const names = [...new Set(instances.map(namedOf).flatMap(wordsFor))];
  const meant = didYouMean(first, candidatesOf(names)) || ` (known are ${names.slice(0, 10).join(', ')})`;
  const message = `no such job: ${unknown.join(', ')}${meant}`;
  return cli.fail({ code: 'no-such-job', message, exit: EXIT.noSuchJob });
}

/** An existing folder without a config can get one by `init`; a missing folder is more likely misspelt. */
function missingWords({ folder, homes }: Project): string {
  return isMissing(folder)
    ? `there is no ${homes.config}`
    : `there is no ${PROJECT_FILE} in ${folder} or in a folder above it; \`overseer ` +
        `--project=${folder} init\` writes one`;
}

async function refuseConfig(cli: Cli, problems: readonly Problem[]): Promise<ExitCode> {
  const bare = problems.map(({ file, line, column, message }) => ({ file, line, column, message }));
  if (cli.args.flag('json')) await cli.out.write(`${printableJson({ ok: false, problems: bare }, 0)}\n`);
  await cli.err.write(renderProblems(problems));
  return EXIT.config;
}
