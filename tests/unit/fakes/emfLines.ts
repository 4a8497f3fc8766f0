import { jest } from '@jest/globals';

/** A value that CloudWatch would store. */
export interface Emitted {
  readonly namespace: string;
  readonly name: string;
  readonly unit: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: readonly number[];
}

interface EmfLine {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string; readonly Unit: string }[];
    }[];
  };
}

/** What CloudWatch makes of lines of a log, each one that is in the Embedded Metric Format. */
export function readEmf(lines: readonly string[]): Emitted[] {
  return lines
    .filter((line) => line.includes('"_aws"'))
    .flatMap((line) => {
      const document = JSON.parse(line.slice(line.indexOf('{'))) as EmfLine & Record<string, unknown>;
      return document._aws.CloudWatchMetrics.flatMap(({ Namespace, Dimensions, Metrics }) =>
        Dimensions.flatMap((names) =>
          Metrics.map(({ Name, Unit }) => ({
            ...{ namespace: Namespace, name: Name, unit: Unit },
            dimensions: Object.fromEntries(names.map((name) => [name, String(document[name])])),
            values: [document[Name]].flat().map(Number),
          })),
        ),
      );
    });
}

/** Runs code and reads the metrics that it writes to the log of its function. */
export async function emittedBy(code: () => unknown): Promise<Emitted[]> {
  const lines: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((text) => {
    lines.push(...String(text).split('\n'));
    return true;
  });
  try {
    await Promise.resolve(code());
  } finally {
    write.mockRestore();
  }
  return readEmf(lines);
}
