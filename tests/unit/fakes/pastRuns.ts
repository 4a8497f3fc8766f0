import type { JobHistory, PastRun } from '../../../src/job/jobHistory';

/** The run that the fake jobs' documents name: it took half a minute on two workers. */
export function ranOnce(now: () => Date, change: Partial<PastRun> = {}): JobHistory {
  return {
    since: () =>
      Promise.resolve([
        {
          ...{ id: 'jr', startedAt: now(), endedAt: now(), succeeded: true, error: undefined },
          ...{ seconds: 30, dpuSeconds: 60, ...change },
        },
      ]),
  };
}
