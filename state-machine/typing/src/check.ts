import { checkErrors } from './checks/errors';
import { checkGraph } from './checks/graph';
import { checkLanguage } from './checks/language';
import { checkResources } from './checks/resources';
import { checkTime } from './checks/time';
import { checkOwnAssignment, checkScopes } from './checks/variables';
import type { Contracts } from './contracts';
import { type Flow, flowsOf, readMachine } from './definition/machine';
import type { Source } from './document/read';
import { type Finding, Findings } from './findings';
import { analyseFlow, type StateTypes } from './flow/analysis';
import { join } from './types/join';
import type { Type } from './types/type';

export interface Options {
  /** Report expressions about which nothing can be known. */
  readonly strict: boolean;
}

export interface Verdict {
  readonly machine: Flow;
  readonly findings: readonly Finding[];
  /** In the order of the file; states that nothing leads to have none. */
  readonly types: readonly StateTypes[];
  readonly output: Type;
}

/** Checks a definition against its contracts. */
export function check(source: Source, contracts: Contracts, options: Options = { strict: false }): Verdict {
  const machine = readMachine(source.root);
  const findings = new Findings(source);
  for (const flow of flowsOf(machine)) {
    checkGraph(flow, findings.add);
    for (const state of flow.states) {
      checkTime(state, findings.add);
      checkLanguage(state, findings.add);
      checkErrors(state, contracts, findings.add);
      checkResources(state, contracts, findings.add);
      checkOwnAssignment(state, findings.add);
    }
  }
  checkScopes(machine, new Set(), findings.add);
  const types = new Map<number, StateTypes>();
  const outputs = analyseFlow(
    machine,
    { input: contracts.input, variables: new Map() },
    {
      contracts,
      strict: options.strict,
      report: findings.add,
      quiet: false,
      record: (recorded) => types.set(recorded.state.offset, recorded),
      mapItem: undefined,
    },
  );
  const sorted = [...types].sort(([one], [other]) => one - other).map(([, recorded]) => recorded);
  return { machine, findings: findings.sorted(), types: sorted, output: join(outputs) };
}
