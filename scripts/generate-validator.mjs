// Turns the config schema into src/config/schema/validate.mjs, so that nothing at run time imports ajv.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import standalone from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';

const inRepository = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const bundle = await build({
  entryPoints: [inRepository('src/config/schema/schema.ts')],
  bundle: true,
  format: 'esm',
  platform: 'node',
  write: false,
});
const { schema } = await import(`data:text/javascript,${encodeURIComponent(bundle.outputFiles[0].text)}`);

const ajv = new Ajv({
  strict: true,
  allowUnionTypes: true,
  allErrors: true,
  useDefaults: true,
  verbose: true,
  messages: false,
  inlineRefs: false,
  code: { source: true, esm: true },
});
const code = standalone.default(ajv, ajv.compile(schema));
if (code.includes('require('))
  throw new Error('the validator needs ajv at run time: a keyword of the schema is not self-contained');
writeFileSync(inRepository('src/config/schema/validate.mjs'), code);
