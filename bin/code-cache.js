'use strict';
// V8 checks a bundle only by its length, and would run compiled code that a bad disk has changed. So each
// cache file begins with a line of fixed length: a checksum of the Node that wrote it, of the bundle and of
// the code. If it does not match, the bundle is compiled as if there were no cache.
const { createHash } = require('node:crypto');
const { readFileSync, renameSync, statSync, writeFileSync } = require('node:fs');

const NODE = [process.version, process.versions.v8, process.platform, process.arch].join(' ');

/** A multiple of 8, so that V8 need not move the code: 64 digits and a newline, and blanks before that. */
const HEADER_BYTES = 72;

const headerOf = (bundle, code) => {
  const checksum = createHash('sha256')
    .update(`${NODE} ${bundle.length} `)
    .update(bundle)
    .update(code)
    .digest('hex');
  return `${checksum.padEnd(HEADER_BYTES - 1)}\n`;
};

/** The compiled code of a bundle; undefined without a valid cache. */
exports.codeIn = (path, bundle) => {
  let file;
  try {
    // To read a FIFO is to wait for its writer, and a device may have no end.
    if (!statSync(path).isFile()) return undefined;
    file = readFileSync(path);
  } catch {
    // Compiling takes longer, and that is all.
    return undefined;
  }
  const code = file.subarray(HEADER_BYTES);
  return file.toString('latin1', 0, HEADER_BYTES) === headerOf(bundle, code) ? code : undefined;
};

exports.writeCode = (path, bundle, code) => {
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, Buffer.concat([Buffer.from(headerOf(bundle, code), 'latin1'), code]), {
    mode: 0o644,
  });
  renameSync(temporary, path);
};
