import { type Type } from './types/type';
import type { Template } from './template';

/** A Lambda function: what it takes, what it gives, and the names of the errors it throws. */
export interface FunctionContract {
  readonly event: Type;
  readonly result: Type;
  readonly errors: readonly string[];
}

/** What a definition cannot say about what it calls. */
export interface Contracts {
  /** Type of the input that executions start with; unknown if nobody says. */
  readonly input: Type;
  /** By the logical id of the function, or by the name or ARN that the definition calls it by. */
  readonly functions: ReadonlyMap<string, FunctionContract>;
  /** Errors of our own that another attempt does not mend, by name. */
  readonly terminal: ReadonlySet<string>;
  /** The compiled CloudFormation template; without one no job, function, table or topic is looked up. */
  readonly template: Template | undefined;
}
