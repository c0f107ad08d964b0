'use strict';
// Loads a bundle of dist/ with the code that V8 compiled of it at build time: half of the start-up is
// compiling. One file, since Node takes as long for a second one as for a tenth of a small bundle.
const { readFileSync, renameSync, statSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const { Script } = require('node:vm');

const isName = (word) => /^[A-Za-z0-9_]/.test(word);

/**
 * Which bundle a call of overseer needs. Anything unusual has the one with every command, which parses
 * options; a test checks that it understands the same of what is left to the small ones.
 */
exports.bundleFor = ([command = 'apply', ...words]) => {
  if ((command === 'status' || command === 'ls') && words.every(isName)) return 'plain-status';
  return command === 'apply' && words.length === 0 ? 'plain-apply' : 'cli';
};

exports.load = function load(name) {
  const filename = join(__dirname, '..', 'dist', `${name}.cjs`);
  const bundle = contentOf(filename);
  if (bundle === undefined) {
    process.stderr.write('overseer is not built: run `npm run build`\n');
    process.exit(70);
  }
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
    .call(module_.exports, module_.exports, requireFrom(filename), module_, filename, dirname(filename));
  return module_.exports;
};

/** What a bundle calls `require`. Most of them need only modules of Node's, for which our own will do. */
function requireFrom(filename) {
  let own;
  return (name) => {
    if (name.startsWith('node:')) return require(name);
    own ??= require('node:module').createRequire(filename);
    return own(name);
  };
}

// V8 checks a bundle only by its length, and would run compiled code that a bad disk has changed. So a cache
// file names the Node that wrote it, and ends with a seal of the bundle and of the code. If one of them does
// not match, the bundle is compiled as if there were no cache.
const NODE = [process.version, process.versions.v8, process.platform, process.arch].join(' ');

/** A multiple of 8, so that V8 need not move the code. */
const HEADER_BYTES = 128;
const HEADER = Buffer.from(`${NODE.slice(0, HEADER_BYTES - 1).padEnd(HEADER_BYTES - 1)}\n`);

const DIGEST_BYTES = 32;

/** Up to this size of the bundle, loading node:crypto takes longer than reading everything twice. */
const SMALL_BYTES = 200_000;

/** A copy of bundle and code, or their checksum where a copy would be large. */
function sealOf(bundle, code) {
  if (bundle.length <= SMALL_BYTES) return Buffer.concat([bundle, code]);
  const { createHash } = require('node:crypto');
  return createHash('sha256').update(`${bundle.length} `).update(bundle).update(code).digest();
}

const codeBytes = (file, bundle) =>
  bundle.length <= SMALL_BYTES
    ? (file.length - HEADER_BYTES - bundle.length) / 2
    : file.length - HEADER_BYTES - DIGEST_BYTES;

/** The compiled code of a bundle; undefined without a valid cache, since compiling only takes longer. */
function codeIn(path, bundle) {
  const file = contentOf(path);
  const bytes = file === undefined ? 0 : codeBytes(file, bundle);
  if (!Number.isInteger(bytes) || bytes <= 0) return undefined;
  const code = file.subarray(HEADER_BYTES, HEADER_BYTES + bytes);
  const seal = file.subarray(HEADER_BYTES + bytes);
  const isValid = file.subarray(0, HEADER_BYTES).equals(HEADER) && seal.equals(sealOf(bundle, code));
  return isValid ? code : undefined;
}

function writeCode(path, bundle, code) {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, Buffer.concat([HEADER, code, sealOf(bundle, code)]), { mode: 0o644 });
  renameSync(temporary, path);
}

/** Undefined where there is no file that can be read. */
function contentOf(path) {
  try {
    // To read a FIFO is to wait for its writer, and a device may have no end.
    return statSync(path).isFile() ? readFileSync(path) : undefined;
  } catch {
    return undefined;
  }
}

/** For tests. */
Object.assign(exports, { codeIn, writeCode });
