import { LOCAL_STAGE, prepareStage } from '../stage';

/** Commands that only read the configuration: they must work on a machine where nothing is set up. */
const OFFLINE = new Set([
  'config',
  'create',
  'doctor',
  'generate-event',
  'help',
  'install',
  'package',
  'plugin',
  'print',
]);

/** What the plugin uses of osls 4; its own declarations describe only the configuration file. */
export interface Osls {
  readonly processedInput: { readonly commands: readonly string[]; readonly isHelpRequest?: boolean };
  getProvider(name: 'aws'): { getStage(): string };
}

/** Whether a command of osls needs the local cloud. */
export function needsLocalCloud(stage: string, input: Osls['processedInput']): boolean {
  const [command] = input.commands;
  return stage === LOCAL_STAGE && !input.isHelpRequest && command !== undefined && !OFFLINE.has(command);
}

/** Brings the local cloud up when the command of this osls run needs it. */
export async function prepareFor(osls: Osls, prepare: (stage: string) => Promise<void>): Promise<void> {
  const stage = osls.getProvider('aws').getStage();
  if (needsLocalCloud(stage, osls.processedInput)) await prepare(stage);
}

/**
 * Lets `sls COMMAND --stage local` work against the local cloud with nothing exported: starts it when it is down and
 * gives osls its endpoint and dummy keys. Does nothing for any other stage.
 */
export class LocalCloudPlugin {
  constructor(private readonly osls: Osls) {}

  /**
   * osls waits for this after it has constructed every plugin and before it resolves variables from AWS or runs a
   * hook. It reads credentials and endpoint when it makes its first client, later than here.
   */
  asyncInit(): Promise<void> {
    return prepareFor(this.osls, prepareStage);
  }
}
