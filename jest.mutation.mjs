import config from './jest.config.mjs';

/** For `npm run mutation`: the tests that need no built program, and that do not read the sources as text. */
export default {
  ...config,
  // The sources too: only so jest knows which tests reach which of them.
  roots: ['test/unit', 'test/host', 'test/charts', 'test/support', 'src', 'machines'].map(
    (folder) => `<rootDir>/${folder}`,
  ),
  testPathIgnorePatterns: [
    '/test/unit/(bin|docs|support)/',
    '/test/charts/(mutants|pictures|composition|lint|conformance)',
  ],
  maxWorkers: 1,
  testTimeout: 20_000,
};
