import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import {
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { expect } from '@jest/globals';
import type { Lakehouse } from './lakehouse';

/** A queue that receives what the alerts topic sends. */
export async function alertInbox(cloud: Lakehouse): Promise<() => Promise<string[]>> {
  const sns = new SNSClient(cloud.client);
  const sqs = new SQSClient(cloud.client);
  const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
  const topic = Topics.map(({ TopicArn }) => TopicArn).find((arn) =>
    arn?.endsWith(':lakehouse-local-alerts'),
  );
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'alert-inbox' }));
  await sns.send(
    new SubscribeCommand({
      TopicArn: topic,
      Protocol: 'sqs',
      Endpoint: 'arn:aws:sqs:us-east-1:000000000000:alert-inbox',
    }),
  );
  const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topic }));
  expect(Subscriptions?.length).toBeGreaterThan(0);
  const received: string[] = [];
  return async () => {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    for (const { Body = '', ReceiptHandle } of Messages) {
      received.push(Body);
      // one that stays is received again when its visibility timeout ends
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    }
    return received;
  };
}
