import { UsageError } from './errors';
import { type Terminal } from './terminal';

/** The one stage that a machine can stop, and how. */
export interface StoppableStage {
  readonly stage: string;
  /** Answers whether anything ran. */
  stop(): Promise<boolean>;
}

/**
 * Ends every process of the local cloud; what it stored stays.
 *
 * @throws UsageError for any other stage: its data must not go by accident.
 */
export async function stopStage(stage: string, local: StoppableStage, terminal: Terminal): Promise<void> {
  if (stage !== local.stage) {
    throw new UsageError(
      `Stage ${stage} runs on AWS and has nothing to stop. To remove its stack: npx sls remove --stage ${stage} (the README says which data stays)`,
    );
  }
  const ran = await local.stop();
  terminal.note(
    ran ? 'the local cloud is down; npx lakehouse up brings it back' : 'the local cloud was not running',
  );
}
