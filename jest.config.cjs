/**
 * Seven projects: unit (no services), simulation (random histories of the batch log), template (packages the service), browser
 * (the report in a Chromium, where there is one), e2e
 * and faults (a local cloud for each file: at most one for each core), privilege (policies and logs, over what e2e has recorded).
 */
const base = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: [],
  transform: {
    '^.+\\.(t|j|mj|cj)s$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2023' }, module: { type: 'commonjs' } },
    ],
  },
  // middy and a few small libraries ship as ES modules only
  transformIgnorePatterns: ['/node_modules/(?!(@middy|p-map|yocto-queue|p-limit|hyparquet)/)'],
};
const unitTests = ['<rootDir>/tests/unit/**/*.test.ts'];
const project = (name, extra = {}) => ({
  ...base,
  displayName: name,
  testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
  ...extra,
});
module.exports = {
  projects: [
    project('unit', {
      testMatch: [...unitTests, '<rootDir>/state-machine/typing/tests/**/*.test.ts'],
      setupFiles: ['<rootDir>/tests/sameExamples.ts'],
    }),
    project('simulation'),
    project('template'),
    project('browser'),
    project('e2e', {
      globalSetup: '<rootDir>/tests/e2e/template.ts',
      globalTeardown: '<rootDir>/tests/e2e/removeTemplate.ts',
    }),
    project('faults'),
    project('privilege'),
  ],
  // Jest's own choice leaves one core idle, which is half of a small machine
  maxWorkers: '100%',
  testTimeout: 30_000,
};
