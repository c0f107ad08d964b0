'use strict';
// Loads a bundle of dist/ with the code that V8 compiled of it at build time: half of the start-up is
// compiling.
const { existsSync, readFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');
const { codeIn, writeCode } = require('./code-cache');

module.exports = function load(name) {
  const filename = join(__dirname, '..', 'dist', `${name}.cjs`);
  if (!existsSync(filename)) {
    process.stderr.write('overseer is not built: run `npm run build`\n');
    process.exit(70);
  }
  const bundle = readFileSync(filename);
  const cache = `${filename}.cache`;
  const isBuilding = process.env.OVERSEER_WRITE_CODE_CACHE === name;
  const cachedData = process.env.OVERSEER_WRITE_CODE_CACHE ? undefined : codeIn(cache, bundle);
  // latin1 is enough: the build escapes everything beyond ASCII.
  const parameters = 'exports, require, module, __filename, __dirname';
  const source = `(function (${parameters}) { ${bundle.toString('latin1')}\n});`;
  const script = new Script(source, { filename, cachedData });
  if (isBuilding) process.once('exit', () => writeCode(cache, bundle, script.createCachedData()));
  const module_ = { exports: {} };
  script
    .runInThisContext()
    .call(module_.exports, module_.exports, createRequire(filename), module_, filename, dirname(filename));
  return module_.exports;
};
