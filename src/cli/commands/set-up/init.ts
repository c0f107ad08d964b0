import type { Command } from '../../cli.ts';
import { EXIT } from '../../exit-codes.ts';
import { callFor } from '../../same-folders.ts';
import { printableJson } from '../../../text/printable.ts';

export const init: Command = {
  words: 'init',
  makesProject: true,
  about: 'Write a commented first config, if there is none',
  run: async (cli) => {
    const { writeFirstConfig } = await import('../../offline.ts');
    const written = writeFirstConfig(cli.homes.config);
    if (!written.ok) return cli.fail({ code: 'unwritable', message: written.detail, exit: EXIT.failed });
    const { path, isNew } = written;
    const said = isNew
      ? `wrote ${path}\nEdit it, then run \`${callFor(cli)}\`; ` +
        `\`${callFor(cli, 'check')}\` looks for mistakes first.\n`
      : `${path} is there already; nothing was written\nEdit it, then run \`${callFor(cli)}\`.\n`;
    await cli.out.write(cli.args.flag('json') ? `${printableJson({ path, written: isNew })}\n` : said);
    return EXIT.done;
  },
};
