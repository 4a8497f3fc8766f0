/** A parameter in schemas/config/stageParameters.schema.json. */
export interface Parameter {
  readonly description: string;
  readonly type?: string;
  readonly enum?: readonly (string | number)[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly 'x-unit'?: string;
}

/** Values by stage and name, as in `params` of serverless.yml. */
type StageValues = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** docs/configuration.md: every parameter with its meaning, what it may be, and its value at each stage. */
export function configuration(parameters: Readonly<Record<string, Parameter>>, params: StageValues): string {
  const stages = Object.keys(params).filter((stage) => stage !== 'default');
  const value = (name: string, stage: string): string => {
    const values = { ...params['default'], ...params[stage] };
    return values[name] === '' ? '(empty)' : String(values[name]);
  };
  const rows = Object.entries(parameters).map(([name, parameter]) => {
    const values = ['default', ...stages].map((stage) => value(name, stage));
    return `| ${[`\`${name}\``, parameter.description, domain(parameter), ...values].join(' | ')} |`;
  });
  return [
    '# Configuration',
    'Generated from schemas/config and serverless.yml by `npm run generate`. What a stage sets differently is a parameter and nothing else; ' +
      'any stage name that is not listed takes the default. For one deploy: `npx sls deploy --stage staging --param="NAME=VALUE"`. ' +
      'A name or value that does not fit is refused before anything is packaged.',
    [
      `| parameter | meaning | values | default | ${stages.join(' | ')} |`,
      `| ${Array.from({ length: stages.length + 4 }, () => '---').join(' | ')} |`,
      ...rows,
    ].join('\n'),
  ].join('\n\n');
}

function domain(parameter: Parameter): string {
  const unit = parameter['x-unit'] === undefined ? '' : ` ${parameter['x-unit']}`;
  if (parameter.enum !== undefined) return `${parameter.enum.join(', ')}${unit}`;
  const { type = '', minimum, maximum } = parameter;
  if (minimum === undefined) return type;
  return maximum === undefined ? `${minimum}${unit} or more` : `${minimum} to ${maximum}${unit}`;
}
