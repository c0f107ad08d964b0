'use strict';
// Loads a bundle of dist/ with the code that V8 compiled of it at build time: half of the start-up is compiling. V8 refuses a
// cache of another version or of other flags by itself; scripts/build.mjs writes bundle and cache together.
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

module.exports = function load(name) {
  const filename = join(__dirname, '..', 'dist', `${name}.cjs`);
  if (!existsSync(filename)) {
    process.stderr.write('overseer is not built: run `npm run build`\n');
    process.exit(70);
  }
  const cache = `${filename}.cache`;
  const cachedData = existsSync(cache) && !process.env.OVERSEER_WRITE_CODE_CACHE ? readFileSync(cache) : undefined;
  const source = `(function (exports, require, module, __filename, __dirname) { ${readFileSync(filename, 'utf8')}\n});`;
  const script = new Script(source, { filename, cachedData });
  if (process.env.OVERSEER_WRITE_CODE_CACHE === name) process.once('exit', () => writeFileSync(cache, script.createCachedData()));
  const module_ = { exports: {} };
  script.runInThisContext().call(module_.exports, module_.exports, createRequire(filename), module_, filename, dirname(filename));
  return module_.exports;
};
