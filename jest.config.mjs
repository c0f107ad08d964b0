export default {
  testEnvironment: 'node',
  // XState's development build makes its warnings visible.
  testEnvironmentOptions: { customExportConditions: ['development', 'node', 'node-addons'] },
  roots: ['<rootDir>/test'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '\\.ts$': '<rootDir>/jest.transform.mjs' },
  // On two cores one process beats two for files of less than a second.
  maxWorkers: 1,
  // Longer than what a test waits for by itself, which says what it waited for.
  testTimeout: 60_000,
};
