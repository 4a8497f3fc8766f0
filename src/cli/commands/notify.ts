import { UsageError } from '../errors';
import { snsClient } from '../aws/clients';
import { openStage, type StageOptions } from '../stage';
import { type Terminal } from '../terminal';

/** SNS takes at most 100 characters, and no line ends, as a subject. */
const LONGEST_SUBJECT = 100;

/** `lakehouse notify SUBJECT`: tells whoever is subscribed to the alerts of the stage. */
export async function notify(
  subject: string,
  { stage, text }: StageOptions & { readonly text?: string },
  terminal: Terminal,
): Promise<void> {
  if (subject.length === 0 || subject.length > LONGEST_SUBJECT || /[\r\n]/.test(subject)) {
    throw new UsageError(`the subject must be one line of 1 to ${LONGEST_SUBJECT} characters`);
  }
  const { AlertsTopicArn } = await openStage(stage);
  const { PublishCommand } = await import('@aws-sdk/client-sns');
  const client = await snsClient();
  await client.send(
    new PublishCommand({ TopicArn: AlertsTopicArn, Subject: subject, Message: text ?? subject }),
  );
  terminal.note(`told the subscribers of ${AlertsTopicArn}`);
}
