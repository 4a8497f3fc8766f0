/** A message that was received and is hidden from other receivers for a while. */
export interface Received {
  readonly messageId: string;
  readonly body: string;
  /** Names this delivery of the message. */
  readonly receipt: string;
}

/** What redriving needs of a queue service. Methods throw the service's own errors. */
export interface Queues {
  /** Some messages; none when the queue has none that are visible. */
  receive(url: string): Promise<readonly Received[]>;
  send(url: string, body: string): Promise<void>;
  remove(url: string, receipt: string): Promise<void>;
  /** Lets the message be received again at once. */
  putBack(url: string, receipt: string): Promise<void>;
}
