/** Resolves the intrinsic functions of a packaged template with the names that a stack has in the local cloud. */
import type { Template } from '../template/packaging';

const PSEUDO: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': '000000000000',
};
const NO_VALUE = Symbol('AWS::NoValue');
const here = (service: string, resource: string): string =>
  `arn:aws:${service}:${PSEUDO['AWS::Region'] ?? ''}:${PSEUDO['AWS::AccountId'] ?? ''}:${resource}`;

/** The Arn attribute of a resource from its physical name. */
const ARNS: Readonly<Record<string, (name: string) => string>> = {
  'AWS::DynamoDB::Table': (name) => here('dynamodb', `table/${name}`),
  'AWS::KMS::Key': (name) => here('kms', `key/${name}`),
  'AWS::Lambda::Function': (name) => here('lambda', `function:${name}`),
  'AWS::Logs::LogGroup': (name) => here('logs', `log-group:${name}:*`),
  'AWS::S3::Bucket': (name) => `arn:aws:s3:::${name}`,
  'AWS::SQS::Queue': (name) => here('sqs', name.split('/').at(-1) ?? ''),
};

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export class Intrinsics {
  constructor(
    private readonly template: Template,
    private readonly resources: Readonly<Record<string, string>>,
  ) {}

  /** Whether a resource is created at all. */
  exists(id: string): boolean {
    const condition = this.template.Resources[id]?.Condition;
    return condition === undefined || this.condition(condition);
  }

  /** @throws Error for what is not known here: add it rather than guess. */
  resolve(value: unknown): unknown {
    if (Array.isArray(value))
      return value.map((item) => this.resolve(item)).filter((item) => item !== NO_VALUE);
    if (!isObject(value)) return value;
    const [[name, argument] = ['', undefined], ...more] = Object.entries(value);
    if (more.length === 0 && (name === 'Ref' || name === 'Condition' || name.startsWith('Fn::')))
      return this.call(name, argument);
    const resolved = Object.entries(value).map(([key, item]) => [key, this.resolve(item)] as const);
    return Object.fromEntries(resolved.filter(([, item]) => item !== NO_VALUE));
  }

  private call(name: string, argument: unknown): unknown {
    switch (name) {
      case 'Ref':
        return this.reference(String(argument));
      case 'Fn::GetAtt':
        return this.attribute((argument as string[]).join('.'));
      case 'Fn::Sub':
        return this.substitute(argument as string | [string, Json]);
      case 'Fn::If': {
        const [condition, yes, no] = argument as [string, unknown, unknown];
        return this.resolve(this.condition(condition) ? yes : no);
      }
      case 'Fn::Equals': {
        const [one, other] = this.resolve(argument) as unknown[];
        return String(one) === String(other);
      }
      case 'Fn::Not':
        return !(this.resolve(argument) as boolean[])[0];
      default:
        throw new Error(`tests/privilege/intrinsics.ts does not know ${name}: add it`);
    }
  }

  private condition(name: string): boolean {
    return this.resolve(this.template.Conditions[name]) === true;
  }

  private reference(id: string): unknown {
    if (id === 'AWS::NoValue') return NO_VALUE;
    const found = PSEUDO[id] ?? this.template.Parameters[id]?.Default ?? this.resources[id];
    if (found === undefined) throw new Error(`the recorded stack has no ${id}`);
    return found;
  }

  private attribute(path: string): string {
    const [id = '', attribute] = path.split('.');
    const arn = ARNS[this.template.Resources[id]?.Type ?? ''];
    if (attribute !== 'Arn' || arn === undefined)
      throw new Error(`tests/privilege/intrinsics.ts does not know ${path}: add it to ARNS`);
    return arn(String(this.reference(id)));
  }

  private substitute(argument: string | [string, Json]): string {
    const [text, variables] = typeof argument === 'string' ? [argument, {} as Json] : argument;
    return text.replaceAll(/\$\{([^}!]+)\}/g, (_, name: string) => {
      if (name in variables) return String(this.resolve(variables[name]));
      return name.includes('.') ? this.attribute(name) : String(this.reference(name));
    });
  }
}
