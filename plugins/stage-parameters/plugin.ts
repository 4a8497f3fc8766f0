/**
 * Serverless plugin: refuses a stage whose parameters are misspelt, out of range or contradict each other, before anything
 * is packaged. The framework itself takes any --param and ignores one that nothing reads.
 */
import { parametersOf, problemsOf, type StageParams } from './parameters';

/** The part of osls that this plugin touches. */
interface Serverless {
  readonly configurationInput: { readonly params?: StageParams };
  readonly processedInput: { readonly options: { readonly param?: readonly string[] } };
  readonly classes: { readonly Error: new (message: string, code: string) => Error };
  getProvider(name: 'aws'): { getStage(): string };
}

export class StageParameterCheck {
  readonly hooks: Readonly<Record<string, () => void>>;

  constructor(private readonly serverless: Serverless) {
    this.hooks = {
      'before:package:initialize': () => {
        this.refuse();
      },
    };
  }

  private refuse(): void {
    const { configurationInput, processedInput, classes } = this.serverless;
    const stage = this.serverless.getProvider('aws').getStage();
    const values = parametersOf(configurationInput.params ?? {}, stage, processedInput.options.param ?? []);
    const problems = problemsOf(values);
    if (problems.length === 0) return;
    throw new classes.Error(
      `The parameters of stage ${stage} (params in serverless.yml, or --param; see docs/configuration.md): ${problems.join('; ')}`,
      'STAGE_PARAMETERS_INVALID',
    );
  }
}
