/** The fault points: where the pipeline is cut, and how. */
import { crashes, zombies } from './endings';
import { arrival, closing, planning } from './handlers';
import { jobStart, jobWrites } from './jobs';
import type { FaultPoint } from './point';

export type { FaultPoint, Meanwhile } from './point';

/** By kind, in the order in which they run. */
export const kinds: Readonly<Record<string, readonly FaultPoint[]>> = {
  ...{ arrival, planning, 'start of a job': jobStart, 'writes of a job': jobWrites },
  ...{ closing, 'holders and zombies': zombies, 'crashes of the cloud': crashes },
};
