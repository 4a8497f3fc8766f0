/**
 * Writes everything that derives from schemas/. `--check` writes nothing and exits 1 when a committed file differs.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { resolveConfig, format } from 'prettier';
import { parse } from 'yaml';
import { contracts, datasetNames, tables } from '../contract/contracts';
import stageParameters from '../../schemas/config/stageParameters.schema.json';
import rules from '../../schemas/rules.json';
import { alarmResources } from './alarmResources';
import { catalogResources } from './catalogResources';
import { configuration } from './configuration';
import { costSettings } from '../cost/settings';
import { costPage } from './costPage';
import { workerBounds } from '../job/workerBounds';
import { metrics, namespace } from '../metrics/metrics';
import { UNKNOWN_DATASET } from '../arrival/versions';
import { zones } from '../metrics/measureStorage';
import { dataTags } from './dataTags';
import { dataDictionary } from './dataDictionary';
import { dashboardResource } from './dashboardResource';
import { lifecycleRules } from './lifecycleRules';
import { maskedViews } from './maskedViews';
import { metricsPage, type Values } from './metricsPage';
import { rulePage } from './rulePage';
import { namedQueries } from './namedQueries';
import { parseRules } from './rules';
import { typeDeclarations } from './typeDeclarations';
import { ofBatch, ofTables, validationSql } from './validationSql';
import { workersPage } from './workersPage';

const root = path.resolve(__dirname, '../..');

async function derived(): Promise<Record<string, string>> {
  const functions = readdirSync(path.join(root, 'src/handlers')).map((file) => path.parse(file).name);
  const alarms = alarmResources(datasetNames, functions);
  const files = {
    'generated/alarms.json': JSON.stringify({ Resources: alarms }),
    'generated/dashboard.json': JSON.stringify({
      Resources: { Dashboard: dashboardResource(datasetNames, functions) },
    }),
    'generated/catalog.json': JSON.stringify({ Resources: catalogResources(tables) }),
    'generated/lifecycle.json': JSON.stringify(lifecycleRules(zones, [...datasetNames, UNKNOWN_DATASET])),
    'generated/dataTags.json': JSON.stringify({ Resources: dataTags(tables) }),
    'generated/queries.json': JSON.stringify({
      Resources: { ...namedQueries(sqlByName()), ...namedQueries(writtenQueries('audit'), 'IsAudited') },
    }),
    'generated/validation.sql': validationSql(contracts, datasetNames, ofTables),
    'generated/batchValidation.sql': validationSql(contracts, datasetNames, ofBatch),
    'docs/cost.md': costPage(byStage(costSettings)),
    'docs/configuration.md': configuration(stageParameters.properties, stageParams()),
    'docs/data-dictionary.md': dataDictionary(contracts, tables),
    'docs/metrics.md': metricsPage(namespace, metrics, dimensionValues(), countOf(alarms)),
    'docs/rules.md': rulePage(parseRules(rules)),
    'docs/workers.md': workersPage(byStage(workerBounds)),
    ...(await typeDeclarations(path.join(root, 'schemas'))),
  };
  const tidy = Object.entries(files).map(async ([file, text]) => [file, await tidied(file, text)] as const);
  return Object.fromEntries<string>(await Promise.all(tidy));
}

/** The queries that are deployed: the written ones, and what derives from the contracts. */
function sqlByName(): Record<string, string> {
  return {
    ...writtenQueries(),
    ...maskedViews(tables),
    validate_tables: VALIDATION + validationSql(contracts, datasetNames, ofTables),
  };
}

/** The files of queries/ or of a folder in it, by name. */
function writtenQueries(folder = ''): Record<string, string> {
  const where = path.join(root, 'queries', folder);
  const files = readdirSync(where).filter((file) => file.endsWith('.sql'));
  return Object.fromEntries(
    files.map((file) => [path.parse(file).name, readFileSync(path.join(where, file), 'utf8')]),
  );
}

const VALIDATION =
  '-- Looks for violations in whole tables, where each load looks at its own rows: a row per check, with what it finds.\n';

/** Those of resources/alarms.yml too. */
function countOf(alarms: ReturnType<typeof alarmResources>): { standard: number; anomaly: number } {
  const written = readFileSync(path.join(root, 'resources/alarms.yml'), 'utf8').match(
    /Type: AWS::CloudWatch::Alarm/g,
  );
  const generated = Object.values(alarms).filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm');
  const anomaly = generated.filter(({ Properties }) => 'ThresholdMetricId' in Properties).length;
  return { standard: generated.length - anomaly + (written ?? []).length, anomaly };
}

function dimensionValues(): Values {
  const ofRows = parseRules(rules).filter(({ scope }) => scope === 'row');
  const values = { datasets: datasetNames.length, rules: ofRows.length, tables: tables.length };
  return { ...values, zones: Object.keys(zones).length };
}

function stageParams(): Parameters<typeof configuration>[1] {
  const service: unknown = parse(readFileSync(path.join(root, 'serverless.yml'), 'utf8'));
  if (isService(service)) return service.params;
  throw new TypeError('serverless.yml holds no params');
}

/** Parameters of staging, which every stage that is not listed equals, and of prod. */
function byStage<T>(of: (parameters: Readonly<Record<string, unknown>>) => T): Record<string, T> {
  const { default: common, staging, prod } = stageParams();
  return { staging: of({ ...common, ...staging }), prod: of({ ...common, ...prod }) };
}

function isService(value: unknown): value is { params: Parameters<typeof configuration>[1] } {
  return typeof value === 'object' && value !== null && 'params' in value && typeof value.params === 'object';
}

async function tidied(file: string, text: string): Promise<string> {
  if (file.endsWith('.sql')) return text;
  const filepath = path.join(root, file);
  return format(text, { ...(await resolveConfig(filepath)), filepath });
}

function current(file: string): string | undefined {
  const full = path.join(root, file);
  return existsSync(full) ? readFileSync(full, 'utf8') : undefined;
}

async function main(check: boolean): Promise<void> {
  const changed = Object.entries(await derived()).filter(([file, text]) => current(file) !== text);
  if (check) {
    for (const [file] of changed) {
      process.stderr.write(`${file} does not match schemas/: run npm run generate and commit the result\n`);
    }
    process.exitCode = changed.length === 0 ? 0 : 1;
    return;
  }
  for (const [file, text] of changed) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
    process.stdout.write(`wrote ${file}\n`);
  }
}

void main(process.argv.includes('--check'));
