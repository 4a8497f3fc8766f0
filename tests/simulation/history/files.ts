import { contracts, datasetNames, type DatasetName } from '../../../src/contract/contracts';
import { type Line, WRONG } from '../lake/rows';
import type { Random } from '../random';

/** Few names and values, so that files meet: overwrites, equal rows, late parents. */
const NAMES = ['a.csv', 'b.csv'];
const KEYS = ['1', '2', '3'];
const POISON = 'Poison';
const VALUES = ['x', 'y', 'odd'];

/** A file that a producer may send. */
export interface SentFile {
  readonly key: string;
  readonly body: string;
}

/** Makes the files of one history; the same content comes again and again. */
export class Producer {
  private readonly sent: SentFile[] = [];
  private poisons = 0;

  constructor(
    private readonly random: Random,
    /** Some files have rows that break no rule and violate the validation. */
    private readonly violates: boolean,
  ) {}

  next(): SentFile {
    const { random } = this;
    const again = this.sent.length > 0 && random.chance(0.4);
    const file = again ? random.pick(this.sent) : this.fresh();
    // two that fail alike pass for an outage, in which everything waits for somebody to look
    if (!file.body.includes(POISON)) this.sent.push(file);
    return file;
  }

  /** Two files of one dataset that say different things of the same rows. */
  pair(): [SentFile, SentFile] {
    const dataset = this.random.pick(datasetNames);
    const first = { key: `raw/${dataset}/first.csv`, body: this.body(dataset, 'good') };
    const second = {
      key: `raw/${dataset}/second.csv`,
      body: first.body.replaceAll('"x"', '"z"').replaceAll('"y"', '"x"'),
    };
    return [first, second];
  }

  private fresh(): SentFile {
    const { random } = this;
    const dataset = random.pick(datasetNames);
    const key = `raw/${dataset}/${random.pick(NAMES)}`;
    const kind = random.weighted({
      ...{ good: 85, header: 5, poison: 5, dataset: 3, name: 2 },
      ...(this.violates ? { wrong: 25 } : {}),
    });
    const body = this.body(dataset, kind);
    if (kind === 'header') return { key, body: `not,a,header\n${body}` };
    if (kind === 'dataset') return { key: `raw/nowhere/${random.pick(NAMES)}`, body };
    if (kind === 'name') return { key: `raw/${dataset}/a.txt`, body };
    return { key, body };
  }

  private body(dataset: DatasetName, kind: string): string {
    const lines = Array.from({ length: this.random.below(4) + 1 }, () => this.line(dataset));
    if (kind === 'wrong') lines[0] = { ...lines[0]!, value: WRONG };
    if (kind === 'poison') lines[0] = { ...lines[0]!, poison: `${POISON}${++this.poisons}` };
    const header = Object.keys(contracts[dataset].properties).join(',');
    return [header, ...lines.map((line) => JSON.stringify(line)), ''].join('\n');
  }

  private line(dataset: DatasetName): Line {
    const { random } = this;
    const foreignKeys = contracts[dataset]['x-foreignKeys'];
    const parents = Object.fromEntries(foreignKeys.map(({ column }) => [column, random.pick(KEYS)]));
    const bad = random.chance(0.1);
    return { key: random.pick(KEYS), value: random.pick(VALUES), parents, ...(bad ? { bad: true } : {}) };
  }
}
