/** Generated from schemas/ by `npm run generate`. */

/**
 * What we read of an EventBridge event `Object Created` of S3 (https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html). AWS may add fields.
 */
export interface ObjectCreated {
  detail: {
    bucket: {
      name: string;
    };
    object: {
      /**
       * Not URL-encoded, unlike in the notifications that S3 itself sends.
       */
      key: string;
      /**
       * Absent when the bucket has no versioning.
       */
      'version-id'?: string;
    };
  };
}
