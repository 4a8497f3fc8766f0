import { type CostOutput, type NamedBill } from '../../../generated/types/outputs/cost';
import { readUsage } from '../../cost/batch';
import { billFor, priceList } from '../../cost/bill';
import { expectedUsage } from '../../cost/day';
import { costSettings } from '../../cost/settings';
import { glueJobHistory } from '../../job/jobHistory';
import { dynamoClient, glueClient, stepFunctionsClient } from '../aws/clients';
import { readRun } from '../aws/executionHistory';
import { ledgerViewWith } from '../aws/ledger';
import { CommandFailed, UsageError } from '../errors';
import { stackName } from '../stack';
import { openStage, type StageOptions } from '../stage';
import { parametersOfStage } from '../stageParameters';
import { renderTable } from '../table';
import { type Terminal, writeJson } from '../terminal';

export interface CostOptions extends StageOptions {
  readonly files: string;
  readonly fileBytes: string;
  readonly batch?: string;
}

const DIGITS = 4;

/** `lakehouse cost`: what a day is expected to cost, or what a batch has used. */
export async function cost(options: CostOptions, terminal: Terminal): Promise<void> {
  const settings = costSettings(await parametersOfStage(options.stage));
  const bills = options.batch === undefined ? expected(options, settings) : [await actual(options, settings)];
  const output: CostOutput = { region: priceList.region, asOf: priceList.asOf, bills };
  if (options.json) await writeJson(terminal, output);
  else await terminal.write(renderCost(output));
}

/** One table a bill. */
export function renderCost({ region, asOf, bills }: CostOutput): string {
  const tables = bills.map(({ of, lines, usd }) => {
    const rows = lines.map((line) => [line.what, Math.round(line.amount), line.usd.toFixed(DIGITS)]);
    return `${of}\n${renderTable(['', 'amount', 'USD'], [...rows, ['all', '', usd.toFixed(DIGITS)]])}`;
  });
  return [
    ...tables,
    `List prices of ${region}, ${asOf}; without free tiers, storage and data transfer.\n`,
  ].join('\n');
}

function expected(
  { files, fileBytes }: CostOptions,
  settings: ReturnType<typeof costSettings>,
): CostOutput['bills'] {
  const bytesPerFile = wholeNumber('--file-bytes', fileBytes);
  return files.split(',').map((text) => {
    const day = { files: wholeNumber('--files', text), bytesPerFile };
    return {
      of: `Expected of a day with ${day.files} files of ${bytesPerFile} bytes`,
      ...copied(billFor(expectedUsage(day, settings), settings.dpuHourUsd)),
    };
  });
}

async function actual(
  { stage, batch = '' }: CostOptions,
  { dpuHourUsd }: ReturnType<typeof costSettings>,
): Promise<NamedBill> {
  const number = wholeNumber('--batch', batch);
  const stack = await openStage(stage);
  const ledger = ledgerViewWith(await dynamoClient(), stack);
  const stepFunctions = await stepFunctionsClient();
  const found = await readUsage(
    {
      entry: async (wanted) => (await ledger.entries([wanted]))[0],
      history: glueJobHistory(await glueClient()),
      jobNamePrefix: `${stackName(stage)}-`,
      eventTypes: async (arn) => (await readRun(stepFunctions, arn))?.events.map(({ type }) => type),
    },
    number,
  );
  if (found === undefined)
    throw new CommandFailed(`There is no batch ${number}; lakehouse status shows those there are`);
  const bill = copied(billFor(found.usage, dpuHourUsd));
  return { of: `Used by batch ${number} in ${found.runs} job runs`, ...bill };
}

function copied({ lines, usd }: ReturnType<typeof billFor>): Pick<NamedBill, 'lines' | 'usd'> {
  return { lines: lines.map((line) => ({ ...line })), usd };
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value > 0) return value;
  throw new UsageError(`${option} ${text} is no whole number above 0`);
}
