import { INTEGER, NATURAL, object, optional, STRING, type Type } from '../types/type';

/**
 * `$states.context`.
 * https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
 */
export function contextObject(executionInput: Type, options: { mapItem?: Type; token?: boolean }): Type {
  const { mapItem, token } = options;
  const item =
    mapItem === undefined
      ? {}
      : {
          Map: object({
            Item: object({ Index: NATURAL, Value: mapItem, Key: optional(STRING), Source: optional(STRING) }),
          }),
        };
  return object({
    Execution: object({
      Id: STRING,
      Input: executionInput,
      Name: STRING,
      RoleArn: STRING,
      StartTime: STRING,
      RedriveCount: optional(INTEGER),
      RedriveTime: optional(STRING),
    }),
    State: object({ EnteredTime: STRING, Name: STRING, RetryCount: INTEGER }),
    StateMachine: object({ Id: STRING, Name: STRING }),
    ...item,
    ...(token === true ? { Task: object({ Token: STRING }) } : {}),
  });
}

/** The variable `$states` for one field of a state. */
export function statesVariable(parts: {
  input: Type;
  context: Type;
  result?: Type;
  errorOutput?: Type;
}): Type {
  return object(Object.fromEntries(Object.entries(parts)));
}
