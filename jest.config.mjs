export default {
  testEnvironment: '<rootDir>/jest.environment.mjs',
  // XState's development build makes its warnings visible.
  testEnvironmentOptions: { customExportConditions: ['development', 'node', 'node-addons'] },
  roots: ['<rootDir>/test'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  transform: { '\\.tsx?$': '<rootDir>/jest.transform.mjs' },
  // Most of the time is the end-to-end tests', and most of theirs is waiting.
  maxWorkers: 3,
  // Longer than a test waits for by itself, since it says what it waited for, and for several things in turn.
  testTimeout: 200_000,
};
