/** Asks a policy simulator whether a role may make a call, and thanks to which statements. */
import { runSimulation, type Simulation } from '@cloud-copilot/iam-simulate';
import type { Role, Statement } from './policies';
import type { Call } from './recordings';

/** An allowing statement with the one of its resources that matched. */
export interface Grant {
  readonly statement: Statement;
  readonly resource: string;
}

/** A key may hold line breaks; IAM's wildcards take them, the simulator's do not. */
function onOneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, '_');
}

function contextOf({ context }: Call): Call['context'] {
  return Object.fromEntries(
    Object.entries(context).map(([key, value]) => [
      key,
      typeof value === 'string' ? onOneLine(value) : value.map(onOneLine),
    ]),
  );
}

/**
 * Each resource becomes a statement of its own, which allows the same and tells which resource it was.
 */
function simulation(call: Call, grants: readonly Grant[]): Simulation {
  const statements = grants.map(({ statement, resource }, index) => ({
    Sid: String(index),
    Effect: 'Allow',
    Action: statement.actions,
    Resource: resource,
    ...(statement.condition === undefined ? {} : { Condition: statement.condition }),
  }));
  return {
    request: {
      principal: 'arn:aws:iam::000000000000:role/any',
      action: call.action,
      // in the name of an object these are no wildcards
      resource: {
        resource: call.resource === '*' ? '*' : onOneLine(call.resource).replaceAll(/[*?]/g, '_'),
        accountId: '000000000000',
      },
      contextVariables: contextOf(call),
    },
    identityPolicies: [{ name: 'role', policy: { Version: '2012-10-17', Statement: statements } }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
  };
}

/**
 * What of a role's statements allows the call; empty when it is denied.
 *
 * @throws Error when the simulator knows the action, the resource or the statement for wrong
 */
export async function allowing(call: Call, statements: readonly Statement[]): Promise<Grant[]> {
  // the simulator is slow with many statements, and those of other actions decide nothing
  const grants = statements
    .filter(({ actions }) => actions.includes(call.action))
    .flatMap((statement) => statement.resources.map(({ arn }) => ({ statement, resource: arn })));
  if (grants.length === 0) return [];
  const result = await runSimulation(simulation(call, grants), {});
  if (result.resultType === 'error')
    throw new Error(`${call.action} on ${call.resource}: ${JSON.stringify(result.errors)}`);
  if (result.overallResult !== 'Allowed') return [];
  const analyses = result.resultType === 'single' ? [result.result] : result.results;
  const matched = analyses.flatMap(({ analysis }) => analysis.identityAnalysis?.allowStatements ?? []);
  return matched.map(({ statement }) => grants[Number(statement.sid())]!);
}

/** Whether the call of a role is allowed without one of its statements. */
export async function isAllowedWithout(call: Call, role: Role, removed: Statement): Promise<boolean> {
  const rest = role.statements.filter((statement) => statement !== removed);
  return (await allowing(call, rest)).length > 0;
}
