'use strict';
// Which bundle of dist/ a call of overseer needs. Anything unusual has the one with every command, which
// parses options; a test checks that both understand the same of what is left to the small one.
const isName = (word) => /^[A-Za-z0-9_]/.test(word);

module.exports = ([command, ...words]) =>
  (command === 'status' || command === 'ls') && words.every(isName) ? 'plain-status' : 'cli';
