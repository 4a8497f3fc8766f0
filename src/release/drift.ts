/** A resource of the stack that is not as its template says. */
export interface DriftedResource {
  readonly logicalId: string;
  readonly type: string;
  /** MODIFIED or DELETED. */
  readonly status: string;
  /** Paths of the properties that differ. */
  readonly properties: readonly string[];
}

/** Where the alias stands is moved by a rollback on purpose, and shown by `lakehouse release list`. */
const MOVED_ON_PURPOSE = 'AWS::StepFunctions::StateMachineAlias';

/** What somebody changed beside the template. */
export function unexpectedDrift(resources: readonly DriftedResource[]): DriftedResource[] {
  return resources.filter(({ type, status }) => type !== MOVED_ON_PURPOSE || status !== 'MODIFIED');
}
