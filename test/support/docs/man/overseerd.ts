import { EXIT, OPTIONS } from '../../../../src/daemon/usage.ts';
import { VERSION } from '../../../../src/version.ts';
import { ENVIRONMENT, FILES } from './places.ts';
import { bold, italic, item, page, paragraph, section } from './roff.ts';

const CODES: Readonly<Record<keyof typeof EXIT, string>> = {
  ok: 'It was asked to end, and has ended.',
  failed:
    'It could not begin, as where another daemon serves this data folder, or not go on; stderr says why.',
  usage: 'Wrong usage.',
  bug: 'A bug of overseer; the jobs live on for the next daemon.',
  config: 'With `--apply`: the config that `OVERSEER_CONFIG` names is not there.',
};

/** overseerd(8), from the lists of its own help. */
export function overseerdPage(): string {
  return page(
    {
      name: 'overseerd',
      section: 8,
      version: VERSION,
      manual: 'System Administration',
      about: 'the daemon of overseer, in the foreground',
    },
    section('SYNOPSIS', `${bold('overseerd')} [${bold('--apply')} | ${bold('--autostart')}]`),
    section(
      'DESCRIPTION',
      paragraph(
        'Keeps the jobs of one user running and answers what `overseer` asks. `overseer` starts it by itself where none runs; `overseer autostart` has launchd or systemd start it at login; run it yourself in a container. It runs as an ordinary user and listens on 127.0.0.1 only.',
      ),
      paragraph(
        'A daemon that ends without being asked to, or is killed, leaves its jobs running; the next one adopts them.',
      ),
    ),
    section(
      'OPTIONS',
      ...Object.entries(OPTIONS).map(([name, about]) =>
        item(bold(`--${name}`), `${about[0]?.toUpperCase()}${about.slice(1)}.`),
      ),
    ),
    section(
      'SIGNALS',
      item(`${bold('SIGTERM')}, ${bold('SIGINT')}`, 'Stop every job and end, as `overseer die` does.'),
    ),
    section(
      'EXIT STATUS',
      ...Object.entries(CODES).map(([name, text]) =>
        item(bold(String(EXIT[name as keyof typeof EXIT])), text),
      ),
    ),
    section(
      'ENVIRONMENT',
      ...ENVIRONMENT.filter(({ isClients }) => !isClients).map(({ name, about }) => item(bold(name), about)),
    ),
    section('FILES', ...FILES.map(({ path, about }) => item(italic(path), about))),
    section('SEE ALSO', `${bold('overseer')}(1), ${bold('overseer.toml')}(5)`),
  );
}
