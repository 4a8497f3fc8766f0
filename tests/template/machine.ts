import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ofType, type Package, PROJECT, resource } from './packaging';
import { SERVICE_ERRORS } from './service-errors';
import { flowsOf, machineOf, patience, type State, statesOf, targetsOf, variablesIn } from './states';

const OUR_ERRORS = JSON.parse(readFileSync(join(PROJECT, 'schemas', 'errors.json'), 'utf8')) as {
  name: string;
  family: 'transient' | 'terminal';
}[];
const nameOf = (family: string) =>
  OUR_ERRORS.filter((error) => error.family === family).map(({ name }) => name);

/** What each function throws; tests/unit/contract/thrownErrors.test.ts compares it with the code. */
const CONTRACTS = JSON.parse(
  readFileSync(join(PROJECT, 'state-machine', 'ingest.contracts.json'), 'utf8'),
) as { functions: Record<string, { errors: string[] }> };

interface Schema {
  required?: string[];
  properties: Record<string, unknown>;
}

export function machineTests(packages: () => Record<'staging' | 'prod' | 'local' | 'branch', Package>): void {
  const machine = () => machineOf(packages().staging);
  const states = () => statesOf(machine());
  const tasks = () => states().filter(([, { Type }]) => Type === 'Task');
  const lambdas = () => tasks().filter(([, { Resource }]) => Resource === 'arn:aws:states:::lambda:invoke');
  const idOf = (state: State) => {
    const id = /^\$\{(\w+)LambdaFunction\.Version\}$/.exec(String(state.Arguments?.FunctionName))?.[1];
    if (id === undefined) throw new Error(`no function in ${String(state.Arguments?.FunctionName)}`);
    return id;
  };
  const functionOf = (state: State) => idOf(state).replace(/^./, (first) => first.toLowerCase());

  it('speaks JSONata and ends by itself at the latest after its time limit', () => {
    expect(machine().QueryLanguage).toBe('JSONata');
    expect(machine().TimeoutSeconds).toBeGreaterThan(0);
  });

  it('limits, retries and catches every task', () => {
    expect(tasks().length).toBeGreaterThan(10);
    for (const [name, { TimeoutSeconds, Retry, Catch }] of tasks()) {
      expect([name, typeof TimeoutSeconds]).toEqual([name, 'number']);
      expect([name, Retry?.length]).not.toEqual([name, 0]);
      expect([name, Catch?.at(-1)?.ErrorEquals]).toEqual([name, ['States.ALL']]);
      for (const retrier of Retry ?? []) {
        expect(retrier.ErrorEquals).not.toContain('States.ALL');
        expect(retrier.BackoffRate).toBeGreaterThan(1);
        expect(retrier.MaxDelaySeconds).toBeGreaterThan(retrier.IntervalSeconds);
      }
    }
  });

  it('spreads retries by full jitter, but not those that must outlast a run', () => {
    const retriers = tasks().flatMap(([, { Retry }]) => Retry ?? []);
    for (const { ErrorEquals, JitterStrategy } of retriers) {
      const outlasting = ErrorEquals.includes('Glue.ConcurrentRunsExceededException');
      expect(JitterStrategy).toBe(outlasting ? undefined : 'FULL');
    }
  });

  it('catches whatever a Map or Parallel itself can raise', () => {
    const composed = states().filter(([, { Type }]) => Type === 'Map' || Type === 'Parallel');
    expect(composed).toHaveLength(5);
    for (const [name, state] of composed) {
      expect([name, state.Catch?.at(-1)?.ErrorEquals]).toEqual([name, ['States.ALL']]);
      if (state.Type === 'Map') expect(state.Items).toMatch(/^\{% .+ %\}$/);
    }
  });

  it('gives every choice a default and conditions that are true or false', () => {
    const choices = states().filter(([, { Type }]) => Type === 'Choice');
    expect(choices.length).toBeGreaterThan(5);
    for (const [name, { Default, Choices }] of choices) {
      expect([name, typeof Default]).toEqual([name, 'string']);
      // A comparison, a membership or a logical operator: whatever they are given, they are boolean.
      for (const { Condition } of Choices ?? [])
        expect(Condition).toMatch(/^\{% .*( = | > | in | or | and ).* %\}$/);
    }
  });

  it('names each state once and leads to each from its start', () => {
    const names = states().map(([name]) => name);
    expect(names).toEqual([...new Set(names)]);
    for (const flow of flowsOf(machine())) {
      const reached = new Set([flow.StartAt]);
      for (const name of reached) for (const next of targetsOf(flow.States[name]!)) reached.add(next);
      expect([...reached].sort()).toEqual(Object.keys(flow.States).sort());
    }
  });

  it('names only errors that exist: ours from schemas/errors.json, or the service`s', () => {
    for (const [name, state] of states()) {
      const ours =
        state.Resource === 'arn:aws:states:::lambda:invoke' ? OUR_ERRORS.map((error) => error.name) : [];
      const known = [
        ...ours,
        ...(SERVICE_ERRORS['States'] ?? []),
        ...(SERVICE_ERRORS[state.Resource ?? ''] ?? []),
      ];
      const named = [...(state.Retry ?? []), ...(state.Catch ?? [])].flatMap(
        ({ ErrorEquals }) => ErrorEquals,
      );
      for (const error of named) expect([name, known]).toEqual([name, expect.arrayContaining([error])]);
    }
  });

  it('retries exactly the transient errors of ours that a function throws', () => {
    for (const [name, state] of lambdas()) {
      const thrown = CONTRACTS.functions[`${idOf(state)}LambdaFunction`]?.errors ?? [];
      const retried = (state.Retry ?? []).flatMap(({ ErrorEquals }) => ErrorEquals);
      const ours = retried.filter((error) => OUR_ERRORS.some((known) => known.name === error));
      expect([name, ours.sort()]).toEqual([
        name,
        thrown.filter((error) => nameOf('transient').includes(error)).sort(),
      ]);
    }
  });

  it('sends each function exactly what its event schema asks for', () => {
    expect(new Set(lambdas().map(([, state]) => functionOf(state))).size).toBe(10);
    for (const [, state] of lambdas()) {
      const file = join(PROJECT, 'schemas', 'events', `${functionOf(state)}.schema.json`);
      const schema = JSON.parse(readFileSync(file, 'utf8')) as Schema;
      const keys = Object.keys(state.Arguments?.Payload ?? {});
      expect([file, keys.filter((key) => !(key in schema.properties))]).toEqual([file, []]);
      expect([file, keys]).toEqual([file, expect.arrayContaining(schema.required ?? [])]);
    }
  });

  it('has a source file, and calls it, for every function but the one the queue calls', () => {
    const deployed = ofType(packages().staging.template, 'AWS::Lambda::Function').map(([, { Properties }]) =>
      (Properties['FunctionName'] as string).replace('lakehouse-staging-', ''),
    );
    for (const name of deployed)
      expect([name, existsSync(join(PROJECT, 'src', 'handlers', `${name}.ts`))]).toEqual([name, true]);
    const called = new Set(lambdas().map(([, state]) => functionOf(state)));
    expect(deployed.filter((name) => !called.has(name))).toEqual(['detectArrival']);
  });

  it('waits longer for a function than the function may run', () => {
    for (const [name, state] of lambdas()) {
      const limit = resource(packages().staging.template, `${idOf(state)}LambdaFunction`).Properties[
        'Timeout'
      ] as number;
      expect([name, Number(state.TimeoutSeconds) > limit]).toEqual([name, true]);
    }
  });

  it.each(['staging', 'prod', 'local', 'branch'] as const)(
    'outlasts a run that is still being stopped (%s)',
    (stage) => {
      const jobs = ofType(packages()[stage].template, 'AWS::Glue::Job');
      const limit = Math.max(...jobs.map(([, { Properties }]) => (Properties['Timeout'] as number) * 60));
      const starts = statesOf(machineOf(packages()[stage])).filter(([, { Arguments }]) => Arguments?.JobName);
      expect(starts.map(([, { Arguments }]) => Arguments?.JobName).sort()).toEqual(
        [
          ...jobs.map(([, { Properties }]) => Properties['Name'] as string),
          // one state restores the tables of whichever dataset its iteration has
          `{% "lakehouse-${stage}-" & $operatedDataset %}`,
        ].sort(),
      );
      for (const [, { Retry, TimeoutSeconds }] of starts) {
        expect(TimeoutSeconds).toBeGreaterThan(limit);
        const busy = Retry?.find(({ ErrorEquals }) =>
          ErrorEquals.includes('Glue.ConcurrentRunsExceededException'),
        );
        expect(patience(busy!)).toBeGreaterThan(limit);
      }
    },
  );

  it('leads the timeout of a job, like every other failure of it, to settling, which stops the run', () => {
    for (const [name, state] of tasks().filter(([, { Arguments }]) => Arguments?.JobName)) {
      expect(state.Catch?.map(({ ErrorEquals }) => ErrorEquals)).toEqual([
        ['States.Timeout'],
        ['States.ALL'],
      ]);
      for (const { Next } of state.Catch ?? []) expect(Next).toBe(name.replace(/Load|OperateOn/, 'Settle'));
    }
  });

  it('reads no variable in an output that the same state assigns: it would be the old value', () => {
    for (const [name, { Assign, Output }] of states()) {
      const read = variablesIn(Output);
      expect([name, Object.keys(Assign ?? {}).filter((variable) => read.has(variable))]).toEqual([name, []]);
    }
  });

  it('assigns no variable in a branch or iteration that the machine itself has', () => {
    const assignedIn = (flow: { States: Record<string, State> }) =>
      Object.values(flow.States).flatMap((state) => [
        ...Object.keys(state.Assign ?? {}),
        ...[...(state.Choices ?? []), ...(state.Catch ?? [])].flatMap((rule) =>
          Object.keys(rule.Assign ?? {}),
        ),
      ]);
    const outer = new Set(assignedIn(machine()));
    const [, ...nested] = flowsOf(machine());
    expect(nested).toHaveLength(6);
    expect(nested.flatMap(assignedIn).filter((name) => outer.has(name))).toEqual([]);
  });
}
