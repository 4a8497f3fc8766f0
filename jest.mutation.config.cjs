/** The unit tests of the pure modules alone, for Stryker: those that run the whole log are too slow for each mutant. */
const { projects } = require('./jest.config.cjs');

const unit = projects.find(({ displayName }) => displayName === 'unit');
const tests = [
  ...['archive/destination', 'arrival/versions', 'batch/due', 'batch/select', 'batch/settle', 'gate/decide'],
  ...['header/*', 'ledger/sequence', 'outcome/alert', 'outcome/isolate', 'outcome/orphans', 'outcome/rows'],
  ...['replay/selection', 'store/expression'],
];

module.exports = {
  ...unit,
  testMatch: tests.map((test) => `<rootDir>/tests/unit/${test}*.test.ts`),
  testEnvironment: '@stryker-mutator/jest-runner/jest-env/node',
  testTimeout: 30_000,
};
