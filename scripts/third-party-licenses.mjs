// Collects what the licences of bundled packages require: their texts, and where the source is.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const TEXT = /^(licen[cs]e|copying|notice)(\.|-|$)/i;
/** ajv is in no bundle, but the validator that it generates contains its code. */
const BESIDES = ['node_modules/ajv'];
/** Its files name the MIT licence and Meta, but the text is not in the package; that of react is the same. */
const SAME_TEXT = { 'yoga-layout': 'react' };

/**
 * The licences of every package that something of it is bundled of, as one text. Throws where a package has
 * none.
 */
export function thirdPartyLicenses(metafile) {
  const bundled = Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0] ?? []);
  const folders = [...new Set([...bundled, ...BESIDES])].toSorted();
  return [
    'overseer contains code of the packages below. Their licences follow.\n',
    ...folders.map(licenseOf),
  ].join(`\n${'-'.repeat(80)}\n\n`);
}

function licenseOf(folder) {
  const { name, version, license, homepage, repository } = JSON.parse(
    readFileSync(join(folder, 'package.json'), 'utf8'),
  );
  const from = name in SAME_TEXT ? join(dirname(folder), SAME_TEXT[name]) : folder;
  const texts = readdirSync(from)
    .filter((file) => TEXT.test(file))
    .toSorted()
    .map((file) => readFileSync(join(from, file), 'utf8').trim());
  if (texts.length === 0) throw new Error(`${folder} is bundled and has no text of its licence`);
  const source = sourceOf(repository?.url ?? repository ?? homepage ?? '');
  return [`${name} ${version}`, `Licence: ${license}`, `Source: ${source}`, '', ...texts, ''].join('\n');
}

/** `yargs/y18n` means a repository of GitHub. */
function sourceOf(written) {
  return /^[\w.-]+\/[\w.-]+$/.test(written) ? `https://github.com/${written}` : written.replace(/^git\+/, '');
}
